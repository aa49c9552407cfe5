/** A prompt as a file states it, before anybody has looked whether it may be kept. */
export interface FilePrompt {
  file: string;
  /** Where it begins, from 1. */
  line: number;
  agentType: string;
  /** As written; null where the file names none. */
  version: string | null;
  content: string;
  /** Line of the file that the content's first line stands on; null where the two do not run in step. */
  contentLine: number | null;
  /** Foreign values until they are admitted. */
  parameters: Record<string, unknown>;
  /** Null: every tool of the agent type. */
  tools: readonly string[] | null;
  message: string | null;
  /** Is it the one that was in production? */
  production: boolean;
}

/** Something in a file that cannot be read, with its line. */
export interface FileFault {
  file: string;
  line: number;
  message: string;
}

export interface ReadPrompts {
  prompts: FilePrompt[];
  faults: FileFault[];
  /** What the file says and a prompt cannot carry; nobody is stopped by it. */
  leftOut: FileFault[];
}

/** More than any hand-written collection of prompts; a parser's memory is a multiple of it. */
export const fileCharactersMax = 8_388_608;

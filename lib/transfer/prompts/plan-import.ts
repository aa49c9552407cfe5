import { z } from "zod";
import type { AgentType } from "#lib/db/agent-types.ts";
import { getAgentType } from "#lib/db/agent-types.ts";
import type { Executor } from "#lib/db/client.ts";
import { getPromptByHash } from "#lib/db/prompts.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import type { Version } from "#lib/domain/version.ts";
import { compareVersions, formatVersion, nextVersion, parseVersion } from "#lib/domain/version.ts";
import { AppError } from "../../errors.ts";
import { parseInput } from "../../parse-input.ts";
import { type AdmittedPrompt, admitPrompt } from "../../registry/create-prompt.ts";
import type { FilePrompt } from "./file-prompt.ts";

interface Step {
  file: string;
  line: number;
  agentType: string;
  /** Does the file say that this one was in production? */
  production: boolean;
}

/** What becomes of one prompt of a file. */
export type PlannedPrompt = Step &
  (
    | { action: "create"; version: string; admitted: AdmittedPrompt; parent: ParentRef | null }
    /** The same content is there, or stands in the files a second time. */
    | { action: "unchanged"; version: string; contentHash: string; reason: string }
    | { action: "refused"; version: string | null; reason: string }
  );

/** The version before, by its content: it may not exist yet. */
export interface ParentRef {
  contentHash: string;
  version: string;
}

const refusalDetails = z.object({
  refusals: z
    .array(z.object({ line: z.number(), column: z.number(), reason: z.string() }))
    .nonempty(),
});

/**
 * Says what importing these prompts would do and writes nothing. Versions of an agent type become children of the one
 * before them in the files; prompts without a version take the next free one. Within a transaction that holds the locks
 * of the agent types, the plan is what happens.
 */
export async function planImport(
  db: Executor,
  prompts: readonly FilePrompt[],
  actor: string,
): Promise<PlannedPrompt[]> {
  const planned: PlannedPrompt[] = [];
  for (const name of agentTypesOf(prompts)) {
    const own = prompts.filter(({ agentType }) => agentType === name);
    const agent = await getAgentType(db, name);
    if (agent === null) planned.push(...own.map(refuseAgent));
    else planned.push(...(await planAgent(db, agent, { prompts: own, actor })));
  }
  return planned;
}

/** The agent types of the files, in the order in which locks are taken. */
export function agentTypesOf(prompts: readonly FilePrompt[]): string[] {
  return [...new Set(prompts.map(({ agentType }) => agentType))].sort();
}

function refuseAgent(prompt: FilePrompt): PlannedPrompt {
  const reason = `there is no agent type "${prompt.agentType}": make it first with genepool agents add ${prompt.agentType} --suite … --model … --prompt …`;
  return { ...stepOf(prompt), action: "refused", version: prompt.version, reason };
}

async function planAgent(
  db: Executor,
  agent: AgentType,
  { prompts, actor }: { prompts: readonly FilePrompt[]; actor: string },
): Promise<PlannedPrompt[]> {
  const taken = await takenVersions(db, agent.name);
  const kept = new Map<string, ParentRef & { from: FilePrompt }>();
  const planned: PlannedPrompt[] = [];
  let parent: ParentRef | null = null;
  for (const prompt of inOrder(prompts)) {
    const admitted = admitFilePrompt(agent, prompt, actor);
    if (typeof admitted === "string") {
      planned.push({
        ...stepOf(prompt),
        action: "refused",
        version: prompt.version,
        reason: admitted,
      });
      continue;
    }
    const { contentHash } = admitted;
    const same = await sameContent(db, { agent, prompt, contentHash, kept });
    if (same !== null) {
      planned.push({ ...stepOf(prompt), action: "unchanged", contentHash, ...same });
      parent = { contentHash, version: same.version };
      continue;
    }
    const version = prompt.version ?? formatVersion(nextVersion(null, "person", taken.versions()));
    const holder = taken.holderOf(version);
    if (holder !== null) {
      const reason = `${agent.name}@${version} is there with other content${holder}`;
      planned.push({ ...stepOf(prompt), action: "refused", version, reason });
      continue;
    }
    taken.take(version, ` (line ${prompt.line})`);
    kept.set(contentHash, { contentHash, version, from: prompt });
    planned.push({ ...stepOf(prompt), action: "create", version, admitted, parent });
    parent = { contentHash, version };
  }
  return planned;
}

function stepOf({ file, line, agentType, production }: FilePrompt): Step {
  return { file, line, agentType, production };
}

/** By version, those without one last and as they stand. */
function inOrder(prompts: readonly FilePrompt[]): FilePrompt[] {
  const versionOf = ({ version }: FilePrompt) => (version === null ? null : parseVersion(version));
  return prompts.toSorted((a, b) => {
    const [x, y] = [versionOf(a), versionOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return compareVersions(x, y);
  });
}

interface TakenVersions {
  versions(): Version[];
  /** Where the version is taken, in words; null when it is free. */
  holderOf(version: string): string | null;
  take(version: string, where: string): void;
}

async function takenVersions(db: Executor, agentType: string): Promise<TakenVersions> {
  const rows = await db.prompt.findMany({ where: { agentType }, select: { version: true } });
  const where = new Map(rows.map(({ version }) => [version, ""]));
  return {
    versions: () => [...where.keys()].flatMap((version) => parseVersion(version) ?? []),
    holderOf: (version) => where.get(version) ?? null,
    take: (version, place) => where.set(version, place),
  };
}

/** The prompt, or why it is refused. */
function admitFilePrompt(
  agent: AgentType,
  prompt: FilePrompt,
  actor: string,
): AdmittedPrompt | string {
  const tools = prompt.tools === null ? agent.allowedTools : [...prompt.tools];
  try {
    const parameters = parseInput(promptParameters, prompt.parameters, "The parameters are");
    return admitPrompt(agent, {
      agentType: agent.name,
      genome: { content: prompt.content, parameters, tools },
      change: "person",
      parents: [],
      createdBy: actor,
      message: prompt.message ?? `Imported from ${prompt.file}`,
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid") throw error;
    return refusalOf(prompt, error);
  }
}

function refusalOf({ contentLine }: FilePrompt, error: AppError): string {
  const details = refusalDetails.safeParse(error.details);
  if (!details.success) return error.message;
  return details.data.refusals
    .map(({ line, column, reason }) =>
      contentLine === null
        ? `line ${line} of the template, column ${column}: ${reason}`
        : `line ${contentLine + line - 1}: ${reason}`,
    )
    .join("; ");
}

async function sameContent(
  db: Executor,
  at: {
    agent: AgentType;
    prompt: FilePrompt;
    contentHash: string;
    kept: ReadonlyMap<string, ParentRef & { from: FilePrompt }>;
  },
): Promise<{ version: string; reason: string } | null> {
  const twin = at.kept.get(at.contentHash);
  if (twin !== undefined) {
    const place =
      twin.from.file === at.prompt.file
        ? `line ${twin.from.line}`
        : `${twin.from.file}:${twin.from.line}`;
    return { version: twin.version, reason: `the same as ${twin.version} (${place})` };
  }
  const existing = await getPromptByHash(db, at.agent.name, at.contentHash);
  if (existing === null) return null;
  const { version } = existing;
  const other = at.prompt.version !== null && at.prompt.version !== version;
  return { version, reason: other ? `is there as ${version}` : "is there" };
}

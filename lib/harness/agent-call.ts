/** One agent's turn: renders its prompt, runs its model with its tools to the end, and writes down what happened. */
import { generateText, type ModelMessage, stepCountIs, type ToolSet, tool } from "ai";
import type { z } from "zod";
import type { Failure, TraceStep } from "../domain/trial.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { costUsd, type TokenUsage } from "../llm/prices.ts";
import { addUsage, latencyOf, noUsage, tokenUsage } from "../llm/usage.ts";
import { seedOf } from "../random.ts";
import { renderPrompt } from "./render-prompt.ts";
import type { HarnessPrompt } from "./trial-request.ts";

/** A tool that an agent may call; what it answers goes back to the model as JSON. */
export interface AgentTool {
  description: string;
  inputSchema: z.ZodType;
  execute(input: unknown): unknown;
}

export interface AgentCall {
  agentType: string;
  prompt: HarnessPrompt;
  model: ResolvedModel;
  /** Variables of the template, as JSON data. */
  variables: Record<string, unknown>;
  /** Tools by name; only those that the prompt names are offered. */
  tools: Readonly<Record<string, AgentTool>>;
  /** A call of this tool ends the turn. */
  finalTool: string | null;
  /** Parts of the model's seed: run seed, benchmark, repeat, round. */
  seedPath: readonly (string | number)[];
  signal: AbortSignal;
}

export interface AgentTurn {
  text: string;
  steps: TraceStep[];
  usage: TokenUsage;
  costUsd: number;
  latencyMs: number;
  modelCalls: number;
  failure: Failure | null;
}

const stepTextMax = 4_000;
const retries = 2;

/** Runs one turn. What the template, the model or a tool does wrong is in `failure`; it never throws for that. */
export async function callAgent(call: AgentCall): Promise<AgentTurn> {
  const rendered = renderPrompt(call.prompt.content, call.variables);
  if (!rendered.ok)
    return failedTurn(call, {
      errorClass: "template-error",
      signature: "template-error",
      message: rendered.reason,
    });
  const turn = emptyTurn();
  const offered = Object.fromEntries(
    Object.entries(call.tools).filter(([name]) => call.prompt.tools.includes(name)),
  );
  const { parameters } = call.prompt;
  const began = performance.now();
  try {
    const result = await generateText({
      model: call.model.model,
      messages: conversation(rendered.messages, call),
      // The system text is ours: the template divides its roles before rendering, so no variable can forge one.
      allowSystemInMessages: true,
      tools: toolSet(offered),
      stopWhen: [
        stepCountIs(parameters.maxSteps),
        ({ steps }) => calledTool(steps.at(-1), call.finalTool),
      ],
      temperature: parameters.temperature,
      topP: parameters.topP,
      maxOutputTokens: parameters.maxOutputTokens,
      seed: seedOf("model", ...call.seedPath),
      maxRetries: retries,
      abortSignal: call.signal,
      onStepFinish: (step) => {
        // Written as it happens: a turn that fails later keeps what it did and what it cost.
        const usage = tokenUsage(step.usage);
        turn.usage = addUsage(turn.usage, usage);
        turn.costUsd += costUsd(usage, call.model.price);
        turn.modelCalls += 1;
        turn.latencyMs += latencyOf(step.providerMetadata, 0);
        turn.steps.push(...stepsOf(call.agentType, step.content, call.finalTool !== null));
      },
    });
    turn.text = result.text;
    const last = result.steps.at(-1);
    if (
      call.finalTool !== null &&
      !calledTool(last, call.finalTool) &&
      turn.modelCalls >= parameters.maxSteps
    ) {
      turn.failure = {
        errorClass: "step-limit",
        signature: "step-limit",
        message: `No ${call.finalTool} within ${parameters.maxSteps} steps.`,
      };
    }
  } catch (error) {
    turn.failure = failureOf(error, call.signal);
    turn.steps.push({ agentType: call.agentType, kind: "error", text: turn.failure.message });
  }
  if (turn.latencyMs === 0) turn.latencyMs = performance.now() - began;
  return turn;
}

function emptyTurn(): AgentTurn {
  return {
    text: "",
    steps: [],
    usage: noUsage,
    costUsd: 0,
    latencyMs: 0,
    modelCalls: 0,
    failure: null,
  };
}

function failedTurn(call: AgentCall, failure: Failure): AgentTurn {
  const steps: TraceStep[] = [
    { agentType: call.agentType, kind: "error", text: cut(failure.message) },
  ];
  return { ...emptyTurn(), steps, failure };
}

type Rendered = { role: "system" | "user" | "assistant"; content: string };

/** Providers want a user message: a prompt that is one system text gets the plainest one. */
function conversation(messages: readonly Rendered[], call: AgentCall): ModelMessage[] {
  const hasUser = messages.some((message) => message.role === "user");
  const opening: Rendered[] = hasUser
    ? []
    : [{ role: "user", content: `Begin your work as ${call.agentType}.` }];
  return [...messages, ...opening].map(({ role, content }) => ({ role, content }));
}

function toolSet(tools: Readonly<Record<string, AgentTool>>): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, { description, inputSchema, execute }]) => [
      name,
      tool({ description, inputSchema, execute: async (input: unknown) => execute(input) }),
    ]),
  );
}

type StepContent = readonly {
  type: string;
  text?: unknown;
  toolName?: unknown;
  input?: unknown;
  output?: unknown;
  error?: unknown;
}[];

function stepsOf(agentType: string, content: StepContent, hasTools: boolean): TraceStep[] {
  return content.flatMap((part): TraceStep[] => {
    const toolName = typeof part.toolName === "string" ? { toolName: part.toolName } : {};
    switch (part.type) {
      case "text":
      case "reasoning":
        return typeof part.text === "string" && part.text.trim() !== ""
          ? [
              {
                agentType,
                kind: hasTools || part.type === "reasoning" ? "thought" : "message",
                text: cut(part.text),
              },
            ]
          : [];
      case "tool-call":
        return [
          {
            agentType,
            kind: "tool-call",
            text: cut(JSON.stringify(part.input) ?? ""),
            data: part.input,
            ...toolName,
          },
        ];
      case "tool-result":
        return [
          {
            agentType,
            kind: "tool-result",
            text: cut(JSON.stringify(part.output) ?? ""),
            data: part.output,
            ...toolName,
          },
        ];
      case "tool-error": {
        const message = part.error instanceof Error ? part.error.message : String(part.error);
        return [
          {
            agentType,
            kind: "tool-result",
            text: cut(message),
            data: { error: cut(message) },
            ...toolName,
          },
        ];
      }
      default:
        return [];
    }
  });
}

function calledTool(
  step: { toolCalls: readonly { toolName: string }[] } | undefined,
  name: string | null,
): boolean {
  return name !== null && (step?.toolCalls.some((toolCall) => toolCall.toolName === name) ?? false);
}

function failureOf(error: unknown, signal: AbortSignal): Failure {
  const message = cut(error instanceof Error ? error.message : String(error));
  if (signal.aborted)
    return {
      errorClass: "timeout",
      signature: "timeout",
      message: "The run took longer than its time limit.",
    };
  const status =
    typeof error === "object" && error !== null && "statusCode" in error
      ? ` ${error.statusCode}`
      : "";
  return {
    errorClass: "model-error",
    signature: "model-error",
    message: `The model's provider failed${status}: ${message}`,
  };
}

function cut(text: string): string {
  return text.length <= stepTextMax ? text : `${text.slice(0, stepTextMax - 1)}…`;
}

/** One agent's turn: renders its prompt, runs its model with its tools to the end, and writes down what happened. */
import { generateText, type ModelMessage, stepCountIs } from "ai";
import type { Failure, ProviderFault, TraceStep } from "../domain/trial.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { type Patience, patientModel } from "../llm/patient-model.ts";
import type { TokenUsage } from "../llm/prices.ts";
import { providerFailure, providerFault } from "../llm/provider-error.ts";
import { addUsage, latencyOf, noUsage, tokenUsage } from "../llm/usage.ts";
import { seedOf } from "../random.ts";
import type { RenderedMessage } from "../template/messages.ts";
import { type CostMeter, TrialCostLimit } from "./cost-meter.ts";
import { renderPrompt } from "./render-prompt.ts";
import { type AgentTool, offeredTools } from "./tool-set.ts";
import type { HarnessPrompt } from "./trial-request.ts";
import { type StepPart, stepsOf, stepText } from "./turn-steps.ts";

export interface AgentCall {
  agentType: string;
  prompt: HarnessPrompt;
  model: ResolvedModel;
  /** Variables of the template, as JSON data. */
  variables: Record<string, unknown>;
  /** Tools by name; only those that the prompt names are offered. */
  tools: Readonly<Record<string, AgentTool>>;
  /** A call of this tool that succeeds ends the turn. */
  finalTool: string | null;
  /** The agent answers one question and works with nobody. */
  asksOnce: boolean;
  /** Parts of the model's seed: run seed, benchmark, repeat, round. */
  seedPath: readonly (string | number)[];
  /** Shared by all agents of the trial. */
  meter: CostMeter;
  signal: AbortSignal;
  /** Ends pauses between attempts at a call. */
  hurry: AbortSignal;
}

export interface AgentTurn {
  text: string;
  steps: TraceStep[];
  usage: TokenUsage;
  costUsd: number;
  latencyMs: number;
  modelCalls: number;
  failure: Failure | null;
  /** The provider's part in the failure. */
  fault?: ProviderFault;
}

/** Room for what a provider adds for the descriptions of the tools. */
const toolTextAtMost = " ".repeat(8_000);

const attemptsAtCall = 3;

/** Runs one turn. What the template, the model or a tool does wrong is in `failure`; it never throws for that. */
export async function callAgent(call: AgentCall): Promise<AgentTurn> {
  const turn: AgentTurn = {
    text: "",
    steps: [],
    usage: noUsage,
    costUsd: 0,
    latencyMs: 0,
    modelCalls: 0,
    failure: null,
  };
  const rendered = renderPrompt(call.prompt.content, call.variables);
  if (!rendered.ok) return failed(turn, call, templateFailure(rendered.reason));
  const began = performance.now();
  let ownClock = call.model.local;
  let lostMs = 0;
  let unanswered = 0;
  try {
    await converse(call, conversation(rendered.messages, call), turn, {
      onUnanswered: () => {
        unanswered++;
      },
      onClock: (latencyMs) => {
        ownClock ||= latencyMs > 0;
      },
      onLost: (ms) => {
        lostMs += ms;
      },
    });
  } catch (error) {
    const { failure, fault } = failureOf(error, call);
    failed(turn, call, unanswered > 0 ? withUnanswered(failure) : failure);
    if (fault !== undefined) turn.fault = fault;
  }
  if (!ownClock) turn.latencyMs = performance.now() - began - lostMs;
  return turn;
}

/**
 * Runs the model and its tools to the end of the turn. Each step is written down as it happens, so that a turn that
 * fails later keeps what it did and what it cost.
 */
async function converse(
  call: AgentCall,
  messages: ModelMessage[],
  turn: AgentTurn,
  {
    onClock,
    onLost,
    onUnanswered,
  }: { onClock: (latencyMs: number) => void } & Pick<Patience, "onLost" | "onUnanswered">,
): Promise<void> {
  const { parameters } = call.prompt;
  const { finalTool, hurry } = call;
  const { model, local } = call.model;
  const seed = seedOf("model", ...call.seedPath);
  let handedIn = false;
  let highestUsd = 0;
  const patience: Patience = {
    seed,
    attempts: attemptsAtCall,
    hurry,
    onLost,
    onUnanswered: () => {
      turn.costUsd += call.meter.book(highestUsd);
      onUnanswered();
    },
    mayRepeat: () => highestUsd <= call.meter.leftUsd,
  };
  const result = await generateText({
    model: local ? model : patientModel(model, patience),
    messages,
    // The system text is ours: the template divides its roles before rendering, so no variable can forge one.
    allowSystemInMessages: true,
    tools: offeredTools(call.tools, call.prompt.tools),
    stopWhen: [stepCountIs(parameters.maxSteps), () => handedIn],
    temperature: parameters.temperature,
    // 1 changes nothing, and some vendors refuse it beside a temperature.
    ...(parameters.topP === 1 ? {} : { topP: parameters.topP }),
    maxOutputTokens: parameters.maxOutputTokens,
    seed,
    // The patient model does it.
    maxRetries: 0,
    prepareStep: ({ messages: sent }) => {
      const tools = Object.keys(call.tools).length > 0 ? toolTextAtMost : "";
      const read = JSON.stringify(sent) + tools;
      highestUsd = call.meter.admit(read, parameters.maxOutputTokens, call.model.price);
      return {};
    },
    abortSignal: call.signal,
    onStepFinish: (step) => {
      const usage = tokenUsage(step.usage);
      const latencyMs = latencyOf(step.providerMetadata, 0);
      onClock(latencyMs);
      turn.usage = addUsage(turn.usage, usage);
      turn.costUsd += call.meter.add(usage, call.model.price);
      turn.modelCalls += 1;
      turn.latencyMs += latencyMs;
      turn.steps.push(...stepsOf(call.agentType, step.content, finalTool !== null));
      handedIn ||= finalTool !== null && succeeded(step.content, finalTool);
    },
  });
  turn.text = result.text;
  if (finalTool !== null && !handedIn) turn.failure = unfinished(turn, call, finalTool);
}

/**
 * Providers want a user message. A prompt that is one text is the question itself where nothing else is said to the
 * agent, as chat models are asked questions; beside other work it stays the system's and the plainest opening follows.
 */
function conversation(messages: readonly RenderedMessage[], call: AgentCall): ModelMessage[] {
  const [only] = messages;
  if (call.asksOnce && messages.length === 1 && only !== undefined)
    return [{ role: "user", content: only.content }];
  const hasUser = messages.some((message) => message.role === "user");
  const opening: RenderedMessage[] = hasUser
    ? []
    : [{ role: "user", content: `Begin your work as ${call.agentType}.` }];
  return [...messages, ...opening].map(({ role, content }) => ({ role, content }));
}

/** True when the tool was called and took what it was given. */
function succeeded(parts: readonly StepPart[], toolName: string): boolean {
  return parts.some(
    (part) => part.type === "tool-result" && part.toolName === toolName && !isRefusal(part.output),
  );
}

function isRefusal(output: unknown): boolean {
  return typeof output === "object" && output !== null && "error" in output;
}

/** Why a turn that must end in a certain tool ended without it. */
function unfinished(turn: AgentTurn, call: AgentCall, finalTool: string): Failure {
  const last = turn.steps.findLast((step) => step.kind === "tool-result");
  if (last?.toolName !== undefined && isRefusal(last.data)) {
    return {
      errorClass: "tool-error",
      signature: `tool-error/${last.toolName}`,
      message: `The turn ended without ${finalTool}, after ${last.toolName} had refused its input: ${last.text}`,
      toolName: last.toolName,
    };
  }
  const { maxSteps } = call.prompt.parameters;
  return turn.modelCalls >= maxSteps
    ? {
        errorClass: "step-limit",
        signature: "step-limit",
        message: `No ${finalTool} within ${maxSteps} steps.`,
      }
    : {
        errorClass: "no-submission",
        signature: "no-submission",
        message: `The turn ended without ${finalTool}.`,
      };
}

function failed(turn: AgentTurn, call: AgentCall, failure: Failure): AgentTurn {
  turn.failure = failure;
  turn.steps.push({ agentType: call.agentType, kind: "error", text: stepText(failure.message) });
  return turn;
}

/** Nobody can say what a call without an answer was billed: the highest is booked, and the trial says so. */
function withUnanswered(failure: Failure): Failure {
  const note = "A model call that brought no answer is counted at the most it can have cost.";
  return { ...failure, message: stepText(`${failure.message} ${note}`) };
}

function templateFailure(reason: string): Failure {
  return {
    errorClass: "template-error",
    signature: "template-error",
    message: stepText(reason),
  };
}

function failureOf(
  error: unknown,
  { signal, model }: AgentCall,
): { failure: Failure; fault?: ProviderFault | undefined } {
  if (signal.aborted) {
    const message = "The run took longer than its time limit.";
    return { failure: { errorClass: "timeout", signature: "timeout", message } };
  }
  if (error instanceof TrialCostLimit) {
    const { message } = error;
    return { failure: { errorClass: "over-budget", signature: "over-budget", message } };
  }
  const found = providerFailure(error);
  const failure: Failure = {
    errorClass: "model-error",
    signature: found.status === null ? "model-error" : `model-error/${found.status}`,
    message: stepText(`The model's provider failed: ${found.message}`),
  };
  return { failure, fault: providerFault(found, model.id) };
}

/**
 * What an operator can search experiments by in Temporal. Values stand in clear text on the server, so they are names and
 * ids and never texts. The names are the product's and stay as they are: runs of the past carry them.
 */
import { defineSearchAttributeKey } from "@temporalio/common";

export const agentTypeAttribute = defineSearchAttributeKey("GenepoolAgentType", "KEYWORD");
export const promptAttribute = defineSearchAttributeKey("GenepoolPromptId", "KEYWORD");
export const optimizationAttribute = defineSearchAttributeKey("GenepoolOptimizationId", "KEYWORD");
export const statusAttribute = defineSearchAttributeKey("GenepoolStatus", "KEYWORD");

export const searchAttributes = [
  agentTypeAttribute,
  promptAttribute,
  optimizationAttribute,
  statusAttribute,
] as const;

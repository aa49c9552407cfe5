import { ledgerRecords } from "./ledger-records.ts";
import type { RecordType } from "./record-type.ts";
import { registryRecords } from "./registry-records.ts";
import { searchRecords } from "./search-records.ts";

/**
 * Everything that is knowledge, in the order in which one row needs another. What lets people and programs in (users,
 * keys, webhooks with their secrets), what is sent once (outbox, kept answers) and what follows from other rows
 * (statuses, hourly sums) is not among it.
 */
export const recordTypes: readonly RecordType[] = [
  ...registryRecords,
  ...searchRecords,
  ...ledgerRecords,
];

/** The client side of Temporal: used by the web process and the optimizer. The worker's native side is in workflows/. */
import { Client, Connection } from "@temporalio/client";
import type { DataConverter } from "@temporalio/common";
import { AppError } from "../errors.ts";
import { encryptionCodec } from "./codec.ts";
import type { TemporalSettings } from "./settings.ts";

export interface TemporalClient {
  client: Client;
  close(): Promise<void>;
}

const connectTimeoutMs = 3_000;

/** What both kinds of connection take. */
export function connectionOptions({ address, tls, apiKey }: TemporalSettings): {
  address: string;
  tls: TemporalSettings["tls"];
  apiKey?: string;
} {
  return { address, tls, ...(apiKey === undefined ? {} : { apiKey }) };
}

/** The encryption that all clients and workers of one installation share. */
export function dataConverter({ codecKeys }: TemporalSettings): DataConverter {
  return codecKeys === null ? {} : { payloadCodecs: [encryptionCodec(codecKeys)] };
}

/** Connects, or throws AppError("unavailable") after some seconds. */
export async function connectTemporal(settings: TemporalSettings): Promise<TemporalClient> {
  try {
    const connection = await Connection.connect({
      ...connectionOptions(settings),
      connectTimeout: connectTimeoutMs,
    });
    return clientOn(connection, settings);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "unavailable",
      `Temporal at ${settings.address} cannot be reached: ${words}`,
      {
        cause,
      },
    );
  }
}

/** Connects at the first call, which is for processes that must start while Temporal is away. */
export function lazyTemporal(settings: TemporalSettings): TemporalClient {
  return clientOn(Connection.lazy(connectionOptions(settings)), settings);
}

function clientOn(connection: Connection, settings: TemporalSettings): TemporalClient {
  const client = new Client({
    connection,
    namespace: settings.namespace,
    dataConverter: dataConverter(settings),
    identity: `genepool-${process.pid}`,
  });
  return { client, close: () => connection.close() };
}

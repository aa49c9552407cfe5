/** The client side of Temporal: used by the web process and the optimizer. The worker's native side is in workflows/. */
import {
  Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from "@temporalio/client";
import type { DataConverter } from "@temporalio/common";
import { AppError } from "../errors.ts";
import { encryptionCodec } from "./codec.ts";
import type { TemporalSettings } from "./settings.ts";

export interface TemporalClient {
  client: Client;
  close(): Promise<void>;
}

type Interceptor = NonNullable<ConnectionOptions["interceptors"]>[number];

const connectTimeoutMs = 3_000;
const cancelledStatus = 1;

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
  const retries = retriesUntilClosed();
  try {
    const connection = await Connection.connect({
      ...connectionOptions(settings),
      interceptors: [retries.interceptor],
      connectTimeout: connectTimeoutMs,
    });
    return clientOn(connection, settings, retries.end);
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
  const { interceptor, end } = retriesUntilClosed();
  const connection = Connection.lazy({
    ...connectionOptions(settings),
    interceptors: [interceptor],
  });
  return clientOn(connection, settings, end);
}

/**
 * Temporal's own retries, which end with the connection: a call that is repeated on a closed one throws out of a timer,
 * where nobody can catch it, and takes the process with it.
 */
function retriesUntilClosed(): { interceptor: Interceptor; end: () => void } {
  let isClosed = false;
  const { retryableDecider, delayFunction } = defaultGrpcRetryOptions();
  const retrying = makeGrpcRetryInterceptor({
    delayFunction,
    retryableDecider: (attempt, status) => !isClosed && retryableDecider(attempt, status),
  });
  return {
    interceptor: (options, nextCall) => {
      let isFirst = true;
      return retrying(options, (sameOptions) => {
        const isRepetition = !isFirst;
        isFirst = false;
        return isClosed && isRepetition ? endedCall() : nextCall(sameOptions);
      });
    },
    end: () => {
      isClosed = true;
    },
  };
}

/** A call that was already over when it began. */
function endedCall(): ReturnType<Parameters<Interceptor>[1]> {
  const nothing = () => undefined;
  return {
    start: (metadata, listener) => {
      const details = "The connection to Temporal was closed.";
      listener?.onReceiveStatus?.({ code: cancelledStatus, details, metadata });
    },
    cancelWithStatus: nothing,
    getPeer: () => "",
    sendMessageWithContext: nothing,
    sendMessage: nothing,
    startRead: nothing,
    halfClose: nothing,
    getAuthContext: () => null,
  };
}

function clientOn(
  connection: Connection,
  settings: TemporalSettings,
  endRetries: () => void,
): TemporalClient {
  const client = new Client({
    connection,
    namespace: settings.namespace,
    dataConverter: dataConverter(settings),
    identity: `genepool-${process.pid}`,
  });
  return {
    client,
    close: () => {
      endRetries();
      return connection.close();
    },
  };
}

/** How to reach Temporal, from the variables that Temporal's own tools read. Pure but for the files that these name. */
import { loadClientConnectConfig } from "@temporalio/envconfig";
import type { Env } from "../env.ts";
import { AppError } from "../errors.ts";
import { type CodecKeys, parseCodecKeys } from "./codec-keys.ts";

export interface TemporalSettings {
  address: string;
  namespace: string;
  tls: TlsSettings | boolean;
  apiKey: string | undefined;
  /** null leaves payloads in clear text on the server. */
  codecKeys: CodecKeys | null;
}

export interface TlsSettings {
  serverNameOverride?: string;
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

type TemporalEnv = Pick<
  Env,
  Extract<keyof Env, `TEMPORAL_${string}` | `GENEPOOL_TEMPORAL_${string}`>
>;

/**
 * Null when Temporal is not configured: neither an address nor a profile is set. A configuration file that merely lies in
 * the user's home directory configures nothing. Throws AppError("invalid") for what cannot work and for clear text to
 * another host.
 */
export function temporalSettings(env: TemporalEnv): TemporalSettings | null {
  const usesFile = env.TEMPORAL_PROFILE !== undefined || env.TEMPORAL_CONFIG_FILE !== undefined;
  if (env.TEMPORAL_ADDRESS === undefined && !usesFile) return null;
  if (!usesFile) refuseHalfAPair(env);
  const config = loaded(env, usesFile);
  const { address, apiKey } = config.connectionOptions;
  if (address === undefined)
    throw new AppError("invalid", "Temporal's profile names no address; set TEMPORAL_ADDRESS.");
  const settings: TemporalSettings = {
    address,
    namespace: config.namespace ?? "default",
    tls: tlsOf(config.connectionOptions.tls),
    apiKey: typeof apiKey === "string" ? apiKey : undefined,
    codecKeys: parseCodecKeys(
      env.GENEPOOL_TEMPORAL_CODEC_KEY,
      env.GENEPOOL_TEMPORAL_OLD_CODEC_KEYS,
    ),
  };
  refuseClearText(settings, env.GENEPOOL_TEMPORAL_ALLOW_PLAINTEXT === "on");
  return settings;
}

function loaded(env: TemporalEnv, usesFile: boolean): ReturnType<typeof loadClientConnectConfig> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith("TEMPORAL_") && value !== undefined) variables[name] = value;
  }
  try {
    return loadClientConnectConfig({
      overrideEnvVars: variables,
      disableFile: !usesFile,
      configFileStrict: true,
    });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("invalid", `Temporal's connection settings cannot be used: ${words}`, {
      cause,
    });
  }
}

/** The loader drops half a pair without a word, and the server would then refuse us for reasons hard to find. */
function refuseHalfAPair(env: TemporalEnv): void {
  const certificate = env.TEMPORAL_TLS_CLIENT_CERT_PATH ?? env.TEMPORAL_TLS_CLIENT_CERT_DATA;
  const key = env.TEMPORAL_TLS_CLIENT_KEY_PATH ?? env.TEMPORAL_TLS_CLIENT_KEY_DATA;
  if ((certificate === undefined) === (key === undefined)) return;
  const missing = certificate === undefined ? "CERT" : "KEY";
  throw new AppError(
    "invalid",
    `Mutual TLS takes a certificate and its key: set TEMPORAL_TLS_CLIENT_${missing}_PATH too.`,
  );
}

function tlsOf(
  tls: ReturnType<typeof loadClientConnectConfig>["connectionOptions"]["tls"],
): TlsSettings | boolean {
  if (tls === undefined || tls === null || typeof tls === "boolean") return tls ?? false;
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls;
  return {
    ...(serverNameOverride === undefined ? {} : { serverNameOverride }),
    ...(serverRootCACertificate === undefined
      ? {}
      : { serverRootCACertificate: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair === undefined || clientCertPair === null
      ? {}
      : {
          clientCertPair: {
            crt: Buffer.from(clientCertPair.crt),
            key: Buffer.from(clientCertPair.key),
          },
        }),
  };
}

function refuseClearText({ address, tls, apiKey }: TemporalSettings, allowed: boolean): void {
  if (tls !== false || isLoopback(address)) return;
  if (apiKey !== undefined)
    throw new AppError(
      "invalid",
      `TEMPORAL_API_KEY is not sent to ${address} in clear text: leave TEMPORAL_TLS unset or set it to true.`,
    );
  if (allowed) return;
  throw new AppError(
    "invalid",
    `The connection to Temporal at ${address} would go in clear text. Set TEMPORAL_TLS=true, or GENEPOOL_TEMPORAL_ALLOW_PLAINTEXT=on if the network between is your own.`,
  );
}

/** Does the address stay on this machine? Names other than localhost are not believed: they may resolve anywhere. */
export function isLoopback(address: string): boolean {
  const host = address
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

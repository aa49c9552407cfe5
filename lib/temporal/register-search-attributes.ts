import { type Connection, isGrpcServiceError } from "@temporalio/client";
import proto from "@temporalio/proto";
import { AppError } from "../errors.ts";
import { pause } from "../pause.ts";
import { searchAttributes } from "./search-attributes.ts";

const knownTimeoutMs = 15_000;
const callTimeoutMs = 5_000;

type Services = Pick<Connection, "operatorService" | "withDeadline">;

/**
 * Registers the product's search attributes where they are missing and waits until the server knows them. Throws
 * AppError("unavailable") with the commands to type when this connection may not (Temporal Cloud lets only its own
 * tools do it).
 */
export async function registerSearchAttributes(
  services: Services,
  namespace: string,
): Promise<void> {
  const missing = await missingAttributes(services, namespace);
  if (missing.length === 0) return;
  const { INDEXED_VALUE_TYPE_KEYWORD: keyword } = proto.temporal.api.enums.v1.IndexedValueType;
  try {
    await services.withDeadline(Date.now() + callTimeoutMs, () =>
      services.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
      }),
    );
  } catch (cause) {
    // Another worker may have been faster; what counts is whether they are there.
    if ((await missingAttributes(services, namespace)).length > 0)
      throw cannotRegister(missing, namespace, cause);
  }
  const deadline = Date.now() + knownTimeoutMs;
  while ((await missingAttributes(services, namespace)).length > 0) {
    if (Date.now() > deadline) throw cannotRegister(missing, namespace, null);
    await pause(100, new AbortController().signal);
  }
}

async function missingAttributes(services: Services, namespace: string): Promise<string[]> {
  const { customAttributes } = await services.withDeadline(Date.now() + callTimeoutMs, () =>
    services.operatorService.listSearchAttributes({ namespace }),
  );
  const known = new Set(Object.keys(customAttributes ?? {}));
  return searchAttributes.map(({ name }) => name).filter((name) => !known.has(name));
}

function cannotRegister(missing: readonly string[], namespace: string, cause: unknown): AppError {
  const why = isGrpcServiceError(cause) ? ` (${cause.details})` : "";
  const commands = missing.map(
    (name) =>
      `  temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`,
  );
  return new AppError(
    "unavailable",
    `Temporal's namespace ${namespace} lacks search attributes and they cannot be registered from here${why}. Somebody who may must type:\n${commands.join("\n")}`,
    cause === null ? {} : { cause },
  );
}

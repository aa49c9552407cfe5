/**
 * The converter inside the workflow sandbox. An activity in another language may answer with text that is not JSON
 * (Python writes NaN); thrown from here, such an answer would fail the workflow *task*, which the server repeats for ever.
 * It becomes a value that says so, and the workflow turns that into a failure of its own: `requireDecoded`.
 */
import {
  ApplicationFailure,
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  type Payload,
  UndefinedPayloadConverter,
} from "@temporalio/common";

class Undecodable {
  constructor(readonly reason: string) {}
}

class TolerantJsonConverter extends JsonPayloadConverter {
  override fromPayload<T>(payload: Payload): T {
    try {
      return super.fromPayload<T>(payload);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // The one cast there is no way around: the interface lets the caller choose the type of foreign data.
      return new Undecodable(reason.slice(0, 300)) as T;
    }
  }
}

/** Found by this name by Temporal's bundler. */
export const payloadConverter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new TolerantJsonConverter(),
);

/** The value; throws a failure that is not retried when it could not be decoded. */
export function requireDecoded(value: unknown): unknown {
  if (!(value instanceof Undecodable)) return value;
  throw ApplicationFailure.create({
    type: "InvalidAnswer",
    nonRetryable: true,
    message: `The answer is not JSON: ${value.reason}. A number that is not finite is written as null.`,
  });
}

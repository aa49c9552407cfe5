/** An OpenID Connect provider of its own for tests: discovery, keys, authorization with PKCE, and signed ID tokens. */
import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { invariant } from "#lib/errors.ts";

export interface FakeIssuer {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Claims of whoever signs in next. */
  person: Record<string, unknown>;
  /** Claims that stand in the ID token instead of the right ones. */
  forged: Record<string, unknown>;
  /** Signs with a key that is not among the published ones. */
  foreignKey: boolean;
  close(): Promise<void>;
}

interface Grant {
  nonce: string;
  challenge: string;
  redirectUri: string;
}

const keyId = "test-key";
const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });

export async function startFakeIssuer(): Promise<FakeIssuer> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  invariant(typeof address === "object" && address !== null, "the issuer listens on a port");
  const issuer: FakeIssuer = {
    url: `http://127.0.0.1:${address.port}`,
    clientId: "genepool",
    clientSecret: randomUUID(),
    person: {},
    forged: {},
    foreignKey: false,
    close: () => closed(server),
  };
  const grants = new Map<string, Grant>();
  server.on("request", (request, response) => {
    const url = new URL(request.url ?? "/", issuer.url);
    answerTo(issuer, grants, { request, url }).then(
      ({ status, headers, body }) => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(body ?? {}));
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  return issuer;
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

async function answerTo(
  issuer: FakeIssuer,
  grants: Map<string, Grant>,
  { request, url }: { request: IncomingMessage; url: URL },
): Promise<Answer> {
  switch (url.pathname) {
    case "/.well-known/openid-configuration":
      return { status: 200, body: discoveryOf(issuer.url) };
    case "/jwks":
      return { status: 200, body: { keys: [publishedKey()] } };
    case "/authorize":
      return authorize(grants, url);
    case "/token":
      return token(issuer, grants, request);
    default:
      return { status: 404 };
  }
}

function discoveryOf(url: string) {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
  };
}

function publishedKey() {
  return { ...own.publicKey.export({ format: "jwk" }), kid: keyId, use: "sig", alg: "RS256" };
}

function authorize(grants: Map<string, Grant>, { searchParams }: URL): Answer {
  const asked = (name: string): string => searchParams.get(name) ?? "";
  if (asked("code_challenge_method") !== "S256" || asked("state") === "" || asked("nonce") === "")
    return { status: 400 };
  const code = randomUUID();
  const redirectUri = asked("redirect_uri");
  grants.set(code, { nonce: asked("nonce"), challenge: asked("code_challenge"), redirectUri });
  const location = new URL(redirectUri);
  location.searchParams.set("code", code);
  location.searchParams.set("state", asked("state"));
  return { status: 302, headers: { location: location.href } };
}

async function token(
  issuer: FakeIssuer,
  grants: Map<string, Grant>,
  request: IncomingMessage,
): Promise<Answer> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const form = new URLSearchParams(text);
  const code = form.get("code") ?? "";
  const grant = grants.get(code);
  grants.delete(code);
  const credentials = Buffer.from(`${issuer.clientId}:${issuer.clientSecret}`).toString("base64");
  const verifier = form.get("code_verifier") ?? "";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const valid =
    request.headers.authorization === `Basic ${credentials}` &&
    grant?.challenge === challenge &&
    grant.redirectUri === form.get("redirect_uri");
  if (!valid) return { status: 400, body: { error: "invalid_grant" } };
  return {
    status: 200,
    body: {
      access_token: randomUUID(),
      token_type: "Bearer",
      expires_in: 60,
      id_token: idToken(issuer, grant.nonce),
    },
  };
}

function idToken(issuer: FakeIssuer, nonce: string): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: issuer.url,
    aud: issuer.clientId,
    iat: seconds,
    exp: seconds + 60,
    nonce,
    ...issuer.person,
    ...issuer.forged,
  };
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "RS256", typ: "JWT", kid: keyId })}.${encode(claims)}`;
  const { privateKey } = issuer.foreignKey ? foreign : own;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

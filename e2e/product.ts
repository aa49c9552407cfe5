import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { createUser, type UserRole } from "#lib/users/users.ts";
import { createTestDatabase } from "#tests/database.ts";
import { ensureWebBuild } from "../scripts/lib/web-build.ts";

/** The built web app on a database of its own, and a browser to look at it with. */
export interface Product {
  url: string;
  db: Database;
  browser: Browser;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, "..");
const startMs = 60_000;

export async function startProduct(): Promise<Product> {
  await ensureWebBuild(root, path.join(os.tmpdir(), "genepool-e2e-build.log"));
  const testDatabase = await createTestDatabase();
  const { db, close } = createDatabase({ url: testDatabase.url, poolMax: 4 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = serve(port, testDatabase.url);
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  const stop = async () => {
    await browser.close();
    await ended(server.process);
    await close();
    await testDatabase.drop();
  };
  try {
    await answering(`${url}/api/v1/ready`, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, db, browser, stop };
}

interface Server {
  process: ChildProcess;
  /** What it printed so far. */
  output: () => string;
}

function serve(port: number, databaseUrl: string): Server {
  const webServer = path.join(root, "scripts/web-server.mjs");
  const child = spawn(process.execPath, [webServer, String(port), "127.0.0.1"], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      DATABASE_URL: databaseUrl,
      NEXTAUTH_SECRET: "the-secret-of-the-browser-tests-only",
      NEXTAUTH_URL: `http://127.0.0.1:${port}`,
      GENEPOOL_LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const take = (chunk: Buffer) => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  return { process: child, output: () => output };
}

async function answering(url: string, server: Server): Promise<void> {
  const until = Date.now() + startMs;
  while (Date.now() < until && server.process.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The web app did not get ready:\n${server.output()}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exit;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** What the browser complained of: errors of scripts and of the content security policy. */
  complaints: string[];
}

/** A new browser profile on the product, nobody signed in. */
export async function visit(product: Product): Promise<Visitor> {
  const context = await product.browser.newContext({ baseURL: product.url });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/content security policy|hydrat/i.test(message.text())) complaints.push(message.text());
  });
  return { page, context, complaints };
}

/** A user of the product who has signed in through the form. */
export async function signedIn(product: Product, name: string, role: UserRole): Promise<Visitor> {
  const { password } = await createUser(product.db, { name, role }, "test");
  const visitor = await visit(product);
  await visitor.page.goto("/sign-in");
  await signIn(visitor.page, name, password);
  await visitor.page.getByRole("heading", { name: "Overview" }).waitFor();
  return visitor;
}

export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Two landmarks `main` are only moderate to axe, and the whole page would have them at once. */
const doubleMain = "landmark-no-duplicate-main";

/**
 * Barriers for people with disabilities that axe calls serious or worse, once the page has come to rest: while colours
 * pass from one scheme to the other their contrast is of neither.
 */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.waitForFunction(() =>
    document.getAnimations().every((animation) => !(animation instanceof CSSTransition)),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact, id }) => impact === "serious" || impact === "critical" || id === doubleMain)
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

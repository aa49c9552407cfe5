/**
 * Runs once when the web process starts: what is missing is said now, not at the first request, and the controller's path
 * is left where the server in front of Next finds it.
 */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: NEXT_RUNTIME is replaced by the bundler, it is no setting.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { promptFetch, requireSettings } = await import("./app/services.ts");
  requireSettings();
  Object.assign(globalThis, { [Symbol.for("genepool.prompt-fetch")]: promptFetch });
}

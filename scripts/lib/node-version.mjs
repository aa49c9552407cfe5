// Plain JavaScript on Node's own modules: it runs before anything is installed.

export const nodeMinimum = [20, 19];

/** Ends the process with one clear sentence when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > nodeMinimum[0] || (major === nodeMinimum[0] && minor >= nodeMinimum[1])) return;
  console.error(
    `genepool: needs Node ${nodeMinimum.join(".")} or newer (20, 22 and 24 are tested); this is ${process.versions.node}. Install one from nodejs.org or with your version manager.`,
  );
  process.exit(1);
}

/** Who or what made the new prompt; decides which part of the version number grows. */
export type VersionChange = "optimizer" | "person" | "variables";

export interface Version {
  major: number;
  minor: number;
  patch: number;
}

const pattern = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

/** Reads `major.minor.patch`; null when the text is no such version. */
export function parseVersion(text: string): Version | null {
  const match = pattern.exec(text);
  return match === null
    ? null
    : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

export function formatVersion(version: Version): string {
  return `${version.major}.${version.minor}.${version.patch}`;
}

/** Orders versions as semver does; negative when `a` comes first. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/**
 * The next free version after `taken`, seen from the parent: patch for a child of the optimizer, minor for a
 * person's edit, major when the template's variables change. Never answers a version that is taken.
 */
export function nextVersion(
  parent: Version | null,
  change: VersionChange,
  taken: readonly Version[],
): Version {
  if (parent === null) {
    const top = highest(taken, () => true);
    return top === null
      ? { major: 1, minor: 0, patch: 0 }
      : { major: top.major + 1, minor: 0, patch: 0 };
  }
  if (change === "variables") {
    const top = highest(taken, () => true) ?? parent;
    return { major: Math.max(top.major, parent.major) + 1, minor: 0, patch: 0 };
  }
  if (change === "person") {
    const top = highest(taken, (v) => v.major === parent.major) ?? parent;
    return { major: parent.major, minor: Math.max(top.minor, parent.minor) + 1, patch: 0 };
  }
  const line = (v: Version) => v.major === parent.major && v.minor === parent.minor;
  const top = highest(taken, line) ?? parent;
  return { ...parent, patch: Math.max(top.patch, parent.patch) + 1 };
}

function highest(versions: readonly Version[], keep: (v: Version) => boolean): Version | null {
  return versions
    .filter(keep)
    .reduce<Version | null>(
      (best, v) => (best === null || compareVersions(v, best) > 0 ? v : best),
      null,
    );
}

/** Takes the version number out of what a tool prints for `--version`; `null` without one. */
export function versionOf(output: string): string | null {
  return /\b\d+\.\d+[0-9A-Za-z.+~-]{0,60}/.exec(output)?.[0] ?? null;
}

/** Tells whether a version such as `4.3.1-dev` is at least `major.minor`; `null` if it is none. */
export function isAtLeast(version: string | null, major: number, minor: number): boolean | null {
  const [, first, second] = /^(\d{1,6})(?:\.(\d{1,6}))?/.exec(version ?? '') ?? [];
  if (first === undefined) return null;
  return Number(first) > major || (Number(first) === major && Number(second ?? 0) >= minor);
}

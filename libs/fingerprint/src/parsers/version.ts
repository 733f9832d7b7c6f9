/** Takes the version number out of what a tool prints for `--version`; `null` without one. */
export function versionOf(output: string): string | null {
  return /\b\d+\.\d+[0-9A-Za-z.+~-]{0,60}/.exec(output)?.[0] ?? null;
}

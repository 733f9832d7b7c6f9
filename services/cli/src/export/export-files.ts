/** Files to be written, by their path below the folder. */
export type ExportFiles = ReadonlyMap<string, string | Uint8Array>;

/** Puts what several makers made into one set. */
export function joinFiles(parts: readonly ExportFiles[]): ExportFiles {
  return new Map(parts.flatMap((part) => [...part]));
}

/** Writes a value as a JSON file. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

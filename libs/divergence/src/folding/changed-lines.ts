import type { Finding } from '../difference.js';

/** Lines that only one side of a text has, in their order. */
export interface ChangedLines {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** Reads from a finding's diff what lines differ; null where it has none, or not all of them. */
export function changedLines({ diff }: Pick<Finding, 'diff'>): ChangedLines | null {
  if (diff === undefined) return null;
  const lines = diff.split('\n');
  const body = lines.slice(lines.findIndex((line) => line.startsWith('@@')));
  if (body.some((line) => /^…|^[-+].*…$/u.test(line))) return null;
  const [left, right] = ['-', '+'].map((sign) =>
    body.filter((line) => line.startsWith(sign)).map((line) => line.slice(1)),
  );
  return { left: left ?? [], right: right ?? [] };
}

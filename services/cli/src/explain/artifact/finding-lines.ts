import { contentsText, plain } from '#libs/contracts';
import { formatLocation } from '#libs/manifest';
import type { ArtifactOutput } from './artifact-output.js';

const MAX_DIFF_LINES = 20;

/** Tells nobody anything. */
const DIGEST = /^(?:sha256:)?[0-9a-f]{64}$/;

/** A finding as it is printed. */
export type PrintedFinding = ArtifactOutput['findings'][number];

/** Writes one finding: where it is, what kind of thing it is, both values, the lines that differ. */
export function findingLines(finding: PrintedFinding): string[] {
  const { difference, class: kind, detail } = finding;
  const diff = contentsText(finding);
  const { location, aspects } = difference;
  return [
    `  ${plain(formatLocation(location), 300)}`,
    `      ${kind}: ${plain(detail, 300)}  (${aspects.join(', ')})`,
    ...valueLines(difference, detail),
    ...(diff === undefined ? [] : textLines(diff, MAX_DIFF_LINES, '      ')),
  ];
}

/** The values of both sides, where they can be read and the detail has not said them already. */
function valueLines({ left, right }: PrintedFinding['difference'], detail: string): string[] {
  if (left === null) return ['      only in the right'];
  if (right === null) return ['      only in the left'];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names.flatMap((name) => {
    const values = [left[name], right[name]].map((value) => (value ?? 'none').toString());
    if (values.some((value) => DIGEST.test(value))) return [];
    if (values.every((value) => detail.includes(value))) return [];
    const [before = '', after = ''] = values.map((value) => plain(value, 80));
    return [`      ${plain(name, 60)}: ${before} | ${after}`];
  });
}

/** The first lines of a foreign text, each made safe to print. */
export function textLines(text: string, most: number, indent: string): string[] {
  const lines = text.trimEnd().split('\n');
  const shown = lines.slice(0, most).map((line) => `${indent}${plain(line, 160)}`);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `${indent}… ${more} more lines`] : shown;
}

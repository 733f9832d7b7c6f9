import { plain } from '#libs/contracts';
import { formatLocation } from '#libs/manifest';
import type { ArtifactOutput } from './artifact-output.js';

type FindingReport = ArtifactOutput['findings'][number];

/** Findings that are printed; JSON has them all. */
const MAX_FINDINGS = 100;
const MAX_DIFF_LINES = 20;

/** Writes for people what differs between two files: causes first, then what follows from them. */
export function artifactText(output: ArtifactOutput): string {
  const { left, right, isSame, findings, untold, truncated } = output;
  if (isSame) return `the same bytes: ${left.sha256}`;
  const causes = findings.filter(({ impliedBy }) => impliedBy === undefined);
  const implied = findings.filter(({ impliedBy }) => impliedBy !== undefined);
  return [
    ...[left, right].map(
      ({ file, sha256, nodes }, at) =>
        `${at === 0 ? 'left ' : 'right'}  ${sha256.slice(0, 12)}  ${nodes} things in ${plain(file)}`,
    ),
    '',
    ...causes.slice(0, MAX_FINDINGS).flatMap(findingLines),
    ...implied.slice(0, MAX_FINDINGS).map(impliedLine),
    ...restLines(findings.length - Math.min(causes.length, MAX_FINDINGS), implied.length, untold),
    ...(truncated ? ['more may differ: not everything that differs was looked at'] : []),
    ...(findings.length === 0 ? [NOTHING_TOLD] : []),
  ].join('\n');
}

const NOTHING_TOLD =
  'the files differ, and what the readers know of is the same in both: compare their bytes';

function findingLines({ difference, class: kind, detail, diff }: FindingReport): string[] {
  const { location, aspects } = difference;
  return [
    `  ${plain(formatLocation(location), 300)}`,
    `      ${kind}: ${plain(detail, 300)}  (${aspects.join(', ')})`,
    ...valueLines(difference),
    ...(diff === undefined ? [] : diffLines(diff)),
  ];
}

/** The values of both sides where they are short enough to read; a digest tells nothing. */
function valueLines({ left, right }: FindingReport['difference']): string[] {
  if (left === null) return ['      only in the right'];
  if (right === null) return ['      only in the left'];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names.flatMap((name) => {
    const values = [left[name], right[name]].map((value) => (value ?? 'none').toString());
    if (values.some((value) => /^(?:sha256:)?[0-9a-f]{64}$/.test(value))) return [];
    const [before = '', after = ''] = values.map((value) => plain(value, 80));
    return [`      ${plain(name, 60)}: ${before} | ${after}`];
  });
}

function diffLines(diff: string): string[] {
  const lines = diff.trimEnd().split('\n');
  const shown = lines.slice(0, MAX_DIFF_LINES).map((line) => `      ${plain(line, 160)}`);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `      … ${more} more lines`] : shown;
}

function impliedLine({ difference, impliedBy }: FindingReport): string {
  return `  ${plain(formatLocation(difference.location), 300)}: follows from ${plain(formatLocation(impliedBy ?? []), 300)}`;
}

function restLines(beyond: number, implied: number, untold: number): string[] {
  const more = Math.max(0, beyond - Math.min(implied, MAX_FINDINGS)) + untold;
  return more === 0 ? [] : [`  and ${more} more`];
}

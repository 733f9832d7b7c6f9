import { plain } from '#libs/contracts';
import { formatLocation } from '#libs/manifest';
import type { ArtifactOutput } from './artifact-output.js';
import { findingLines, textLines, type PrintedFinding } from './finding-lines.js';

/** Findings of one kind in one place that are printed each for itself, of more the first ones. */
const SHOWN = 4;
/** Such kinds and places that are printed; JSON has them all. */
const MAX_GROUPS = 60;
const MAX_DIFFOSCOPE_LINES = 40;

/** Writes for people what differs between two files: causes first, then what follows from them. */
export function artifactText(output: ArtifactOutput): string {
  const { left, right, isSame, findings, untold, truncated } = output;
  if (isSame) return `the same bytes: ${left.sha256}`;
  const causes = groups(findings.filter(({ impliedBy }) => impliedBy === undefined));
  const implied = groups(findings.filter(({ impliedBy }) => impliedBy !== undefined));
  const unprinted = [...causes, ...implied].slice(MAX_GROUPS).flat().length + untold;
  return [
    ...[left, right].map(
      ({ file, sha256, nodes }, at) =>
        `${at === 0 ? 'left ' : 'right'}  ${sha256.slice(0, 12)}  ${nodes} things in ${plain(file)}`,
    ),
    '',
    ...causes.slice(0, MAX_GROUPS).flatMap((group) => groupLines(group, findingLines)),
    ...implied
      .slice(0, Math.max(0, MAX_GROUPS - causes.length))
      .flatMap((group) => groupLines(group, impliedLines)),
    ...(unprinted > 0 ? [`  and ${unprinted} more`] : []),
    ...(truncated ? ['more may differ: not everything that differs was looked at'] : []),
    ...(findings.length === 0 ? [NOTHING_TOLD] : []),
    ...output.diffoscope.flatMap(diffoscopeLines),
  ].join('\n');
}

const NOTHING_TOLD =
  'the files differ, and what the readers know of is the same in both: compare their bytes';

/** Findings of one kind among the members of one container: a thousand changed times are one thing. */
function groups(findings: readonly PrintedFinding[]): PrintedFinding[][] {
  const all = Map.groupBy(findings, ({ difference: { location, aspects }, class: kind }) =>
    JSON.stringify([location.slice(0, -1), kind, aspects]),
  );
  return [...all.values()];
}

function groupLines(
  group: readonly PrintedFinding[],
  linesOf: (finding: PrintedFinding) => string[],
): string[] {
  const shown = group.length > SHOWN ? group.slice(0, SHOWN - 1) : group;
  const [first] = group;
  const rest = group.length - shown.length;
  if (first === undefined || rest === 0) return shown.flatMap(linesOf);
  const around = plain(formatLocation(first.difference.location.slice(0, -1)), 200);
  return [...shown.flatMap(linesOf), `  and ${rest} more of the kind in ${around}`];
}

function impliedLines({ difference, impliedBy }: PrintedFinding): string[] {
  const place = plain(formatLocation(difference.location), 300);
  return [
    `  ${place} (${difference.aspects.join(', ')}): follows from ${plain(formatLocation(impliedBy ?? []), 300)}`,
  ];
}

function diffoscopeLines({ location, text }: ArtifactOutput['diffoscope'][number]): string[] {
  return [
    '',
    `diffoscope of ${plain(formatLocation(location), 300)}`,
    ...textLines(text, MAX_DIFFOSCOPE_LINES, '  '),
  ];
}

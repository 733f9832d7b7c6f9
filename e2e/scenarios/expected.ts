import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactReport, Report } from '#libs/contracts';
import { compareText } from '#libs/encoding';
import { projectRoot } from '../world/project-root.js';

/** One row of the table: what an artifact of a scenario comes to. */
export interface Row {
  readonly verdict: string;
  readonly clusters: string;
  readonly flags: string;
  readonly failed: string;
  readonly other: string;
}

/** Reads docs/scenarios.md: artifact rows by scenario. */
export function expectedRows(): ReadonlyMap<string, ReadonlyMap<string, Row>> {
  const text = readFileSync(join(projectRoot(), 'docs/scenarios.md'), 'utf8');
  const rows = new Map<string, Map<string, Row>>();
  for (const line of text.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, scenario = '', artifact, verdict, clusters, flags, failed, other, end] = cells;
    if (end === undefined || !/^[a-z-]+$/.test(scenario) || /^-+$/.test(scenario)) continue;
    if (scenario === 'scenario') continue;
    const row = {
      verdict: verdict ?? '',
      clusters: clusters ?? '',
      flags: flags ?? '',
      failed: failed ?? '',
      other: other ?? '',
    };
    rows.set(scenario, (rows.get(scenario) ?? new Map<string, Row>()).set(artifact ?? '', row));
  }
  return rows;
}

/** Writes a report's artifacts as rows of the same table. */
export function actualRows(report: Report): ReadonlyMap<string, Row> {
  return new Map(report.artifacts.map((artifact) => [artifact.name, rowOf(artifact)]));
}

function rowOf(artifact: ArtifactReport): Row {
  const failures = new Map<string, string[]>();
  for (const { operator, stage, class: name } of artifact.failed) {
    const how = `${stage}/${name}`;
    failures.set(how, [...(failures.get(how) ?? []), operator]);
  }
  const names = (members: readonly { operator: string }[]): string =>
    members
      .map(({ operator }) => operator)
      .toSorted(compareText)
      .join(', ');
  const other = [
    ...(artifact.impliedBy.length > 0 ? [`implied by ${artifact.impliedBy.join(' and ')}`] : []),
    ...(artifact.late.length > 0 ? [`late: ${names(artifact.late)}`] : []),
    ...(artifact.unrevealed.length > 0 ? [`unrevealed: ${names(artifact.unrevealed)}`] : []),
    ...(artifact.missing.length > 0 ? [`missing: ${names(artifact.missing)}`] : []),
    ...(artifact.selfContradicting.length > 0
      ? [`self-contradicting: ${names(artifact.selfContradicting)}`]
      : []),
  ];
  return {
    verdict: artifact.verdict,
    clusters: artifact.clusters.map(({ operators }) => operators.length).join('-'),
    flags: artifact.flags.join(', '),
    failed: [...failures]
      .map(([how, operators]) => `${operators.toSorted(compareText).join(', ')}: ${how}`)
      .join('; '),
    other: other.join('; '),
  };
}

/** Gives the row that the table has for an artifact: its own, or the scenario's `*`. */
export function rowFor(
  rows: ReadonlyMap<string, ReadonlyMap<string, Row>>,
  scenario: string,
  artifact: string,
): Row | undefined {
  const own = rows.get(scenario);
  return own?.get(artifact) ?? own?.get('*');
}

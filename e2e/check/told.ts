import type { CheckReport } from '#libs/contracts';
import { rows } from '../docs/pages.js';

/** What a story comes to: of each artifact, and all in all. */
export interface Told {
  readonly artifact: string;
  readonly verdict: string;
  readonly outcome: string;
  readonly exitCode: string;
}

export const PAGE = 'docs/repro-check-conformance.md';

/** Reads the stories' table: rows by story. */
export function toldStories(): ReadonlyMap<string, readonly Told[]> {
  const told = new Map<string, Told[]>();
  for (const [story = '', artifact = '', verdict = '', outcome = '', exitCode = '', end] of rows(
    PAGE,
  )) {
    if (end !== undefined || !/^[a-z]+(?:-[a-z]+)*$/.test(story) || !/^\d+$/.test(exitCode))
      continue;
    told.set(story, [...(told.get(story) ?? []), { artifact, verdict, outcome, exitCode }]);
  }
  return told;
}

/** Gives what the page tells of each artifact of a story: its own row, or that of `*`. */
export function expected(
  story: string,
  artifacts: readonly string[],
): readonly (Told | undefined)[] {
  const told = toldStories().get(story) ?? [];
  return artifacts.map((artifact) => {
    const row =
      told.find((one) => one.artifact === artifact) ?? told.find((one) => one.artifact === '*');
    return row && { ...row, artifact };
  });
}

/** Writes a report as rows of the same table. */
export function actual(
  { artifacts, outcome }: CheckReport,
  exitCode: number | null,
): readonly Told[] {
  return artifacts.map(({ name, verdict }) => ({
    ...{ artifact: name, verdict, outcome, exitCode: `${exitCode ?? ''}` },
  }));
}

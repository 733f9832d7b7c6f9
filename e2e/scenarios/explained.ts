import { expect } from 'vitest';
import { reportMarkdown, type ExplanationReport, type Report } from '#libs/contracts';
import type { Stack } from '../stack/stack.js';
import { stageOf, type Played } from './run-scenario.js';

/** Looks at a stack on which a scenario was played, before it is taken down. */
export type Inspect = (stack: Stack, played: Played) => Promise<void>;

/** Packages have moved on between the builds: that is said, with both versions, and how it is mended. */
export const expectPackageDrift: Inspect = async (stack, played) => {
  const report = await untilExplained(stack, played, ['hostos/update-img', 'setupos/disk-img']);
  const hostos = explanationOf(report, 'hostos/update-img');
  expect(hostos).toMatchObject({
    conclusion: 'explained',
    suspicions: [{ cause: 'package-drift', grounds: 'trace' }],
    next: null,
  });
  expect(hostos.paragraph).toContain('got 4 different results (2-1-1-1)');
  expect(hostos.paragraph).toContain('packages of other versions were installed');
  expect(hostos.paragraph).toContain('usr/share/ca-certificates/version.txt');
  expect(hostos.suspicions[0]?.because).toMatch(/"2025\.08\.\d+" on the left, "2025\.\d\d\.\d+"/);
  // Who agrees has the same mirror in its ~/.container-run.conf.
  expect(hostos.separators[0]?.facts.map(({ name }) => name)).toContain(
    'container.run-conf-digest',
  );

  const setupos = explanationOf(report, 'setupos/disk-img');
  expect(setupos).toMatchObject({ conclusion: 'explained', suspicions: hostos.suspicions });
  expect(setupos.paragraph).toContain('hostos/update-img, which differs itself');
  expect(setupos.findings.filter(({ impliedBy }) => impliedBy === undefined)).toEqual([]);
};

/** One builder's blocks are smaller: that is said of it by name, for GuestOS too. */
export const expectHoleMap: Inspect = async (stack, played) => {
  const artifacts = ['guestos/update-img', 'hostos/update-img', 'setupos/disk-img'];
  const report = await untilExplained(stack, played, artifacts);
  for (const artifact of artifacts) {
    const { conclusion, suspicions, paragraph, separators } = explanationOf(report, artifact);
    expect({ conclusion, suspicions }).toMatchObject({
      conclusion: 'explained',
      suspicions: [{ cause: 'hole-map', facts: ['temp.block-size'], grounds: 'trace' }],
    });
    expect(paragraph).toContain('by blocks of its own size');
    const told = /temp filesystem is 4096 for ([\w, ]+) and 1024 for erin\b/.exec(paragraph);
    expect(told?.[1]?.split(/, | and /).toSorted()).toEqual(['alice', 'bob', 'carol', 'dave']);
    // One against four: any fact of erin's own would do, and that is said.
    expect(separators[0]).toMatchObject({ isPerfect: true, trivial: true });
  }
};

/** Waits until the report says of these artifacts why they differ, every cluster's bytes seen. */
async function untilExplained(
  stack: Stack,
  { report: { round } }: Played,
  artifacts: readonly string[],
): Promise<Report> {
  const isSeen = ({ artifact, unseen }: ExplanationReport) =>
    artifacts.includes(artifact) && unseen.length === 0;
  const report = await stageOf(stack, round?.round ?? '').until(
    `why ${artifacts.join(' and ')} differ`,
    ({ explanations }) => explanations?.filter(isSeen).length === artifacts.length,
  );
  // Whoever reads the page reads the same sentences.
  const page = plainText(reportMarkdown(report));
  for (const artifact of artifacts) {
    expect(page).toContain(plainText(explanationOf(report, artifact).paragraph));
  }
  return report;
}

function explanationOf({ explanations }: Report, wanted: string): ExplanationReport {
  const found = explanations?.find(({ artifact }) => artifact === wanted);
  if (found === undefined) throw new Error(`nothing is told of ${wanted}`);
  return found;
}

/** Markdown's escapes and line breaks aside. */
function plainText(text: string): string {
  return text.replaceAll(/[\\`*]/g, '').replaceAll(/\s+/g, ' ');
}

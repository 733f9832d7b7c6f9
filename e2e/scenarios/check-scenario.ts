import { expect, type TestContext } from 'vitest';
import { reportMarkdown, workOf, type Report } from '#libs/contracts';
import type { Stack } from '../stack/stack.js';
import { actualRows, expectedRows, rowFor } from './expected.js';
import { CannotRunHere, runScenario, SILENT, type Played } from './run-scenario.js';
import type { Scenario } from './scenario.js';

/** The artifacts of an IC-OS build of the newest era. */
export const ARTIFACTS = [
  'guestos/launch-measurements',
  'guestos/update-img',
  'guestos-recovery/update-img',
  'hostos/update-img',
  'setupos/disk-img',
];

/** Compares a report with the table of docs/scenarios.md, artifact by artifact. */
export function expectAsTold(scenario: string, report: Report): void {
  const rows = expectedRows();
  const actual = actualRows(report);
  expect([...actual.keys()].toSorted()).toEqual(ARTIFACTS.toSorted());
  for (const [artifact, row] of actual) {
    expect({ artifact, ...row }).toEqual({ artifact, ...rowFor(rows, scenario, artifact) });
  }
  const work = workOf(report.artifacts);
  expect(report.work).toEqual(work);
  const isClaimed = work.some((each) => each.work === 'claimed, not shown');
  expect(reportMarkdown(report).includes('(claimed, not shown)')).toBe(isClaimed);
}

/** Plays a scenario and compares; skips the test where the machine does not allow it. */
export async function playAndCheck(
  scenario: Scenario,
  context: TestContext,
  inspect?: (stack: Stack, played: Played) => Promise<void>,
): Promise<Played | null> {
  try {
    const played = await runScenario(scenario, SILENT, inspect);
    expectAsTold(scenario.name, played.report);
    return played;
  } catch (error) {
    if (error instanceof CannotRunHere) context.skip(error.message);
    throw error;
  }
}

import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { failedFiles, namesOfFailures } from './failure-names.js';

/** What one run of tests came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts tests for `.ci/suite`: one line `passed failed skipped`, appended to the file that
 * REPRO_QUORUM_COUNTS_FILE names. A crash is never "no tests": a file that does not load, a hook that
 * throws and an error outside of all tests are failures each, and so is a test that never ran.
 * Beside it, `<file>.failed` names what failed, a line each. Where nothing failed outside of all files,
 * `<file>.files` lists those that may be run again, and `<file>.others` counts the tests of the rest.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['REPRO_QUORUM_COUNTS_FILE'];
    if (file === undefined) return;
    const { passed, failed, skipped } = countTests(modules, unhandledErrors.length);
    appendFileSync(file, `${passed} ${failed} ${skipped}\n`);
    const names = namesOfFailures(modules, unhandledErrors);
    appendFileSync(`${file}.failed`, names.map((name) => `${name}\n`).join(''));
    if (names.length === 0 || unhandledErrors.length > 0) return;
    const files = failedFiles(modules);
    appendFileSync(`${file}.files`, files.map(({ relativeModuleId: id }) => `${id}\n`).join(''));
    const others = countTests(
      modules.filter((module) => !files.includes(module)),
      0,
    );
    appendFileSync(`${file}.others`, `${others.passed} ${others.failed} ${others.skipped}\n`);
  }
}

/** Sums up the tests of a run and everything around them that went wrong. */
export function countTests(modules: readonly TestModule[], unhandledErrors: number): Counts {
  let [passed, failed, skipped] = [0, unhandledErrors, 0];
  for (const module of modules) {
    const suites = [module, ...module.children.allSuites()];
    failed += suites.filter((suite) => suite.errors().length > 0).length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed++;
      else if (state === 'skipped') skipped++;
      else failed++;
    }
  }
  return { passed, failed, skipped };
}

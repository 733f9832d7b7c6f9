import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestModule } from 'vitest/node';

const LONGEST = 280;

interface Failed {
  readonly message?: string;
}

/**
 * What failed in a run of tests, a line each of at most 280 characters: the file, the names down to
 * the test, and how its first error begins. Hooks, files that do not load and stray errors included.
 */
export function namesOfFailures(
  modules: readonly TestModule[],
  unhandled: readonly unknown[],
): string[] {
  const names = modules.flatMap((module) => [
    ...brokenSuites(module).map((suite) =>
      line([module.relativeModuleId, titleOf(suite)], suite.errors()),
    ),
    ...failedTests(module).map((test) =>
      line([module.relativeModuleId, test.fullName], test.result().errors ?? []),
    ),
  ]);
  return [...names, ...unhandled.map((error) => line(['outside of all tests'], [error as Failed]))];
}

/** The files in which something failed. */
export function failedFiles(modules: readonly TestModule[]): TestModule[] {
  return modules.filter((module) => brokenSuites(module).length + failedTests(module).length > 0);
}

function brokenSuites(module: TestModule) {
  return [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
}

function failedTests(module: TestModule): TestCase[] {
  return [...module.children.allTests()].filter(
    (test) => !['passed', 'skipped'].includes(test.result().state),
  );
}

function titleOf(suite: object): string {
  return 'fullName' in suite ? String(suite.fullName) : '';
}

function line(where: readonly string[], errors: readonly Failed[]): string {
  const [first] = (errors[0]?.message ?? 'it never ended').split('\n', 1);
  const place = where.filter((part) => part !== '').join(' > ');
  return stripVTControlCharacters(`${place}: ${first}`).slice(0, LONGEST);
}

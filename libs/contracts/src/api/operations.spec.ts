import { describe, expect, test } from 'vitest';
import { problemsOf } from './operation.js';
import { OPERATIONS } from './operations.js';
import { PROBLEM_CODES } from './problem-codes.js';

const named = OPERATIONS.map((operation) => [operation.id, operation] as const);

test('no two operations share an id, or a method and a path', () => {
  for (const keyOf of [
    ({ id }: (typeof OPERATIONS)[number]) => id,
    ({ method, path }: (typeof OPERATIONS)[number]) => `${method} ${path}`,
  ]) {
    const keys = OPERATIONS.map(keyOf);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  }
});

describe.for(named)('%s', ([, operation]) => {
  test('has one schema for each parameter in its path, and no other', () => {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(operation.params?.shape ?? {}).toSorted()).toEqual(inPath.toSorted());
  });

  test('is told in a sentence without full stop, and answers something good', () => {
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(Object.keys(operation.answers).some((status) => status.startsWith('2'))).toBe(true);
  });

  test('names what it refuses of its own once, and not what any route refuses', () => {
    const { problems } = operation;
    expect(problems.filter((code, at) => problems.indexOf(code) !== at)).toEqual([]);
    const common = problemsOf({ ...operation, problems: [] });
    expect(problems.filter((code) => common.includes(code))).toEqual([]);
    expect(problemsOf(operation).every((code) => code in PROBLEM_CODES)).toBe(true);
  });

  test('refuses with no status with which it also answers', () => {
    const statuses = new Set(problemsOf(operation).map((code) => `${PROBLEM_CODES[code]}`));
    const answered = Object.keys(operation.answers).filter((status) => statuses.has(status));
    // Witnesses answer errors in C2SP's own way, and everybody else as problems, both by content type.
    expect(operation.id === 'addCheckpoint' ? [] : answered).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { statementKind } from './statement-kind.js';
import type { Statement } from './statement.js';
import * as types from './type-uri.js';

const kindOf = (predicateType: string): string | null =>
  statementKind({ predicateType } as Statement);

test('a build is a result whether it came to its end or not', () => {
  expect([types.SLSA_PROVENANCE, types.TEST_RESULT].map(kindOf)).toEqual(['result', 'result']);
});

test('records of keys are of one kind', () => {
  const records = [types.KEY_ENROLMENT, types.KEY_ROTATION, types.KEY_REVOCATION];
  expect(records.map(kindOf)).toEqual(['key', 'key', 'key']);
});

test.each([
  types.BUILD_CANCEL,
  types.BUILDER_ORDER,
  types.ENVIRONMENT,
  '',
  'toString',
  '__proto__',
])('%j is nothing that a log holds', (type) => {
  expect(kindOf(type)).toBeNull();
});

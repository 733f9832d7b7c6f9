import { expect, test } from 'vitest';
import { policyOf } from './audit.fixture.js';
import { readAuditor } from './auditor.js';
import { EvidenceError } from './error.js';

test.each([
  ['quorum none', 'witnesses: the last line does not end in a newline'],
  ['witness w1 foo\nquorum w1\n', 'witnesses: line 1: "foo" is not a verifier key'],
])('a policy whose witnesses are %j is refused, and says that it is these', (witnesses, why) => {
  const read = (): unknown => readAuditor(policyOf(undefined, { witnesses }));
  expect(read).toThrow(EvidenceError);
  expect(read).toThrow(why);
});

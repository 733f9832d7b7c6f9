import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canonicalJson, fromBase64 } from '#libs/encoding';
import { commitStatement } from './commit.js';
import { adminActStatement } from './admin-act.js';
import { ADMIN_ACT } from './admin-act.fixture.js';
import { declineStatement } from './decline.js';
import { openEnvelope, parseEnvelope, signStatement } from './dsse.js';
import { enrolled, FIRST, OPERATOR, revoked, rotated, SECOND } from './key-records.fixture.js';
import { resultStatement } from './result-statement.js';
import { roundCloseStatement } from './round-close.js';
import { roundOpenStatement } from './round-open.js';
import {
  ALICE,
  BUILT,
  BUILT_EXPLAINED,
  BUILT_SHOWN,
  COMMIT,
  COORDINATOR,
  DECLINE,
  FAILED,
  ROUND_CLOSE,
  ROUND_OPEN,
  VERDICT,
} from './sample.fixture.js';
import type { Signer } from './signer.js';
import type { Statement } from './statement.js';
import { verdictStatement } from './verdict-statement.js';

const STATEMENTS: readonly (readonly [string, Statement, Signer])[] = [
  ['round-open', roundOpenStatement(ROUND_OPEN), COORDINATOR],
  ['decline', declineStatement(DECLINE), ALICE],
  ['commit', commitStatement(COMMIT), ALICE],
  ['round-close', roundCloseStatement(ROUND_CLOSE), COORDINATOR],
  ['result-built', resultStatement(BUILT), ALICE],
  ['result-built-shown', resultStatement(BUILT_SHOWN), ALICE],
  ['result-built-explained', resultStatement(BUILT_EXPLAINED), ALICE],
  ['result-failed', resultStatement(FAILED), ALICE],
  ['verdict', verdictStatement(VERDICT), COORDINATOR],
  ['key-enrolment', enrolled(OPERATOR, FIRST).statement, OPERATOR],
  ['key-rotation', rotated(OPERATOR, FIRST, SECOND).statement, OPERATOR],
  ['key-revocation', revoked(OPERATOR, FIRST).statement, OPERATOR],
  ['admin-act', adminActStatement(ADMIN_ACT), COORDINATOR],
];

const golden = (file: string): string =>
  readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8');

// Signed bytes are for ever: what fails here is a new version of a statement, not a new golden file.
describe.each(STATEMENTS)('%s', (name, statement, signer) => {
  test('is the golden statement, byte for byte', () => {
    expect(`${canonicalJson(statement)}\n`).toBe(golden(`${name}.json`));
  });

  test('is signed as the golden envelope, byte for byte', () => {
    const envelope = signStatement(statement, signer);
    expect(`${canonicalJson(envelope)}\n`).toBe(golden(`${name}.dsse.json`));
  });

  test('is opened from the golden envelope', () => {
    const envelope = parseEnvelope(golden(`${name}.dsse.json`));
    const payload = openEnvelope(envelope, signer.publicKey);
    expect(payload).toEqual(fromBase64(envelope.payload));
    expect(`${Buffer.from(payload).toString('utf8')}\n`).toBe(golden(`${name}.json`));
  });
});

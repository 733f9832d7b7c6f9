import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256, toBase64 } from '#libs/encoding';
import { commitStatement, readCommit } from './commit.js';
import { readRoundClose, roundCloseStatement } from './round-close.js';
import {
  invitedKey,
  readRoundOpen,
  roundIdOf,
  roundOpenStatement,
  type RoundOpen,
} from './round-open.js';
import { ALICE, BOB, COMMIT, RELEASE, ROUND_CLOSE, ROUND_OPEN, VERDICT } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';
import { readVerdict, verdictStatement } from './verdict-statement.js';

const sent = (statement: Statement): Statement =>
  parseStatement(Buffer.from(canonicalJson(statement)));
const refused = (code: string): unknown => expect.objectContaining({ code });
const otherSubject = [{ name: 'round/x', digest: { sha256: sha256('other') } }];

describe('RoundOpen', () => {
  const open = (over: Partial<RoundOpen>): Statement =>
    sent(roundOpenStatement({ ...ROUND_OPEN, ...over }));
  const roster = (builder: string, publicKey: string) => ({
    roster: [{ operator: 'alice', builders: [{ builder, publicKey }] }],
  });

  test('comes back as it was', () => {
    expect(readRoundOpen(sent(roundOpenStatement(ROUND_OPEN)))).toEqual(ROUND_OPEN);
    expect(readRoundOpen(open({ proposal: null, urls: [] }))).toMatchObject({ proposal: null });
  });

  test('gives the key of whom it invites, and of nobody else', () => {
    expect(invitedKey(ROUND_OPEN, ALICE.id)).toEqual(ALICE.publicKey);
    expect(invitedKey(ROUND_OPEN, 'somebody')).toBeNull();
  });

  test('has an id of its own by every byte of its payload', () => {
    const payload = Buffer.from(canonicalJson(roundOpenStatement(ROUND_OPEN)));
    const nonce = toBase64(new Uint8Array(32).fill(8));
    const again = Buffer.from(canonicalJson(roundOpenStatement({ ...ROUND_OPEN, nonce })));
    expect(roundIdOf(payload)).toBe(sha256(payload));
    expect(roundIdOf(again)).not.toBe(roundIdOf(payload));
  });

  test('that lists a builder with a foreign key is refused', () => {
    const foreign = open(roster(ALICE.id, toBase64(BOB.publicKey)));
    expect(() => readRoundOpen(foreign)).toThrow(refused('WRONG_BUILDER'));
  });

  test.each([
    ['is no base64', '*'.repeat(44)],
    ['has 31 bytes', toBase64(new Uint8Array(31))],
    ['has 33 bytes', toBase64(new Uint8Array(33))],
    ['has stray bits', `${'A'.repeat(42)}B=`],
    ['is url-safe', `${'_'.repeat(42)}w=`],
  ])('whose roster has a key that %s is refused as malformed', (_what, key) => {
    expect(() => readRoundOpen(open(roster(ALICE.id, key)))).toThrow(
      refused('MALFORMED_STATEMENT'),
    );
  });

  test('whose subject is another release than it asks for is refused', () => {
    const statement = open({});
    const subject = [{ name: 'ic/other', digest: RELEASE.source.digest }];
    expect(() => readRoundOpen({ ...statement, subject })).toThrow(refused('WRONG_RELEASE'));
    const forged = [{ name: RELEASE.name, digest: { gitCommit: 'f'.repeat(40) } }];
    expect(() => readRoundOpen({ ...statement, subject: forged })).toThrow(
      refused('WRONG_RELEASE'),
    );
    expect(() => readRoundOpen({ ...statement, subject: [{ name: RELEASE.name }] })).toThrow(
      refused('MALFORMED_STATEMENT'),
    );
  });

  test.each<[string, Partial<RoundOpen>]>([
    ['invites nobody', { roster: [] }],
    ['has an operator without builders', { roster: [{ operator: 'alice', builders: [] }] }],
    ['has an operator that is no id', { roster: [{ ...ROUND_OPEN.roster[0]!, operator: 'a.b' }] }],
    ['waits no second for reveals', { revealSeconds: 0 }],
    ['waits for ever', { revealSeconds: 8 * 86_400 }],
    ['has no nonce', { nonce: '' }],
  ])('that %s is refused', (_what, over) => {
    expect(() => readRoundOpen(open(over))).toThrow(refused('MALFORMED_STATEMENT'));
  });

  test('is nothing else', () => {
    expect(() => readRoundOpen(sent(commitStatement(COMMIT)))).toThrow(refused('WRONG_KIND'));
  });
});

describe('a commit', () => {
  test('comes back as it was, and tells no result', () => {
    const statement = sent(commitStatement(COMMIT));
    expect(readCommit(statement)).toEqual(COMMIT);
    expect(Object.keys(statement.predicate).toSorted()).toEqual(['builder', 'commitment', 'round']);
  });

  test('whose subject is another round than it names is refused', () => {
    const statement = { ...commitStatement(COMMIT), subject: otherSubject };
    expect(() => readCommit(statement)).toThrow(refused('WRONG_ROUND'));
    expect(() => readCommit({ ...statement, subject: [{ name: 'round' }] })).toThrow(
      refused('WRONG_ROUND'),
    );
  });

  test('is nothing else', () => {
    expect(() => readCommit(sent(roundCloseStatement(ROUND_CLOSE)))).toThrow(refused('WRONG_KIND'));
  });
});

describe('RoundClose', () => {
  test.each(['all-committed', 'deadline', 'requested'] as const)('by %s comes back', (reason) => {
    const close = { ...ROUND_CLOSE, reason };
    expect(readRoundClose(sent(roundCloseStatement(close)))).toEqual(close);
  });

  test('whose subject is another round than it names is refused', () => {
    const statement = { ...roundCloseStatement(ROUND_CLOSE), subject: otherSubject };
    expect(() => readRoundClose(statement)).toThrow(refused('WRONG_ROUND'));
  });

  test('for no known reason is refused', () => {
    const statement = roundCloseStatement(ROUND_CLOSE);
    const predicate = { ...statement.predicate, reason: 'bored' };
    expect(() => readRoundClose({ ...statement, predicate })).toThrow(
      refused('MALFORMED_STATEMENT'),
    );
  });
});

describe('a verdict', () => {
  test('comes back with its round and its artifacts', () => {
    expect(readVerdict(sent(verdictStatement(VERDICT)))).toEqual({
      round: VERDICT.round,
      artifacts: VERDICT.artifacts,
    });
  });

  test('says passed or failed as SLSA has it, with how many of how many', () => {
    expect(verdictStatement(VERDICT).predicate).toMatchObject({
      verificationResult: 'PASSED',
      verifiedLevels: ['REPRO_QUORUM_REPRODUCED_2_OF_2'],
    });
    expect(verdictStatement({ ...VERDICT, isPassed: false }).predicate).toMatchObject({
      verificationResult: 'FAILED',
      verifiedLevels: ['FAILED'],
    });
  });

  test('is nothing else', () => {
    expect(() => readVerdict(sent(commitStatement(COMMIT)))).toThrow(refused('WRONG_KIND'));
  });
});

import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '#libs/encoding';
import { declineStatement, readDecline } from './decline.js';
import { COMMIT, DECLINE } from './sample.fixture.js';
import { commitStatement } from './commit.js';
import { parseStatement, type Statement } from './statement.js';

const sent = (statement: Statement): Statement =>
  parseStatement(Buffer.from(canonicalJson(statement)));
const refused = (code: string): unknown => expect.objectContaining({ code });

describe('a decline', () => {
  test('comes back as it was', () => {
    expect(readDecline(sent(declineStatement(DECLINE)))).toEqual(DECLINE);
  });

  test('about another round than its own is refused', () => {
    const subject = [{ name: 'round/x', digest: { sha256: sha256('other') } }];
    const statement = { ...declineStatement(DECLINE), subject };
    expect(() => readDecline(sent(statement))).toThrow(refused('WRONG_ROUND'));
  });

  test.each([
    ['a reason that nobody knows', { reason: 'no-mood' }],
    ['no round', { round: 'x' }],
    ['a builder that is no id', { builder: '../x' }],
    ['no time', { declinedAt: 'yesterday' }],
  ])('with %s is refused', (_what, over) => {
    const statement = declineStatement(DECLINE);
    const predicate = { ...statement.predicate, ...over };
    expect(() => readDecline(sent({ ...statement, predicate }))).toThrow(
      refused('MALFORMED_STATEMENT'),
    );
  });

  test('is told from a commit', () => {
    expect(() => readDecline(sent(commitStatement(COMMIT)))).toThrow(refused('WRONG_KIND'));
  });
});

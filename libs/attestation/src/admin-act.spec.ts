import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#libs/encoding';
import { ADMIN_ACT } from './admin-act.fixture.js';
import { adminActStatement, readAdminAct } from './admin-act.js';
import { roundCloseStatement } from './round-close.js';
import { ROUND_CLOSE } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';

const sent = (statement: Statement): Statement =>
  parseStatement(Buffer.from(canonicalJson(statement)));
const made = (over: object): Statement =>
  sent(adminActStatement(Object.assign({}, ADMIN_ACT, over)));
const refused = (code: string): unknown => expect.objectContaining({ code });

describe('an administrative act', () => {
  test('comes back as it was', () => {
    expect(readAdminAct(made({}))).toEqual(ADMIN_ACT);
  });

  test.each<[string, object]>([
    ['an actor of no kind', { actor: { kind: 'root', id: 'x' } }],
    ['no act', { act: '' }],
    ['an act that is a sentence', { act: 'Closed it' }],
    ['a subject of two lines', { subject: 'round/a\nround/b' }],
    ['a detail that steers a terminal', { detail: { label: '\u001b[2J' } }],
    ['a detail in a detail', { detail: { contact: { mail: 'a@b.example' } } }],
    ['a detail of no name', { detail: { '__proto__ ': 'x' } }],
    ['no time', { at: 'now' }],
  ])('with %s is refused', (_, over) => {
    expect(() => readAdminAct(made(over))).toThrow(refused('MALFORMED_STATEMENT'));
  });

  test('is about nothing else than it says', () => {
    const other = { ...made({}), subject: [{ name: 'token/000000000000' }] };
    expect(() => readAdminAct(other)).toThrow(refused('WRONG_SUBJECT'));
  });

  test('is nothing else', () => {
    expect(() => readAdminAct(sent(roundCloseStatement(ROUND_CLOSE)))).toThrow(
      refused('WRONG_KIND'),
    );
  });
});

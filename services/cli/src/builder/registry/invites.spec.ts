import { expect, test } from 'vitest';
import type { InviteView } from '#libs/contracts';
import { inviteLine } from './invites.js';

const OPEN: InviteView = {
  ...{ id: '0123456789abcdef', status: 'open', label: 'for bob', operatorKey: null },
  ...{ expiresAt: '2026-11-23T12:34:56.789Z', usedBy: null },
};

test.each<[what: string, invite: Partial<InviteView>, words: string]>([
  ['for whoever has it', {}, 'open       until 2026-11-23T12:34Z  whoever has it  for bob'],
  [
    'for one operator',
    { operatorKey: 'AAAA', label: null },
    'open       until 2026-11-23T12:34Z  operator key AAAA',
  ],
  [
    'that was used',
    { status: 'used', usedBy: 'aaaaa-aa' },
    'used       until 2026-11-23T12:34Z  let in aaaaa-aa  for bob',
  ],
])('an invite %s is one line', (_what, invite, words) => {
  expect(inviteLine({ ...OPEN, ...invite })).toBe(`${OPEN.id}  ${words}`);
});

test('whom an invite is for steers no terminal, and makes no second line', () => {
  const label = '\u001b]0;pwned\u0007\u001b[2J\nbob\u202e';
  const line = inviteLine({ ...OPEN, label });
  expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(line).toContain('bob');
});

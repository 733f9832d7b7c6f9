import { describe, expect, test } from 'vitest';
import type { SubscriptionView } from '#libs/contracts';
import { requestOf, type AddNewsOptions } from './subscribe.js';
import { subscriptionLine } from './subscriptions.js';

const options: AddNewsOptions = { coordinator: '', label: 'alice', channel: 'webhook' };

describe('what is asked for', () => {
  test('is everything without rules, and as it was typed with them', () => {
    expect(requestOf('https://a.example/', options).rules).toEqual({});
    const rules = { kinds: 'round.opened, builder.late', operators: 'alice,bob', group: 'north' };
    expect(requestOf('https://a.example/', { ...options, ...rules }).rules).toEqual({
      kinds: ['round.opened', 'builder.late'],
      operators: ['alice', 'bob'],
      group: 'north',
    });
  });

  test('is divergences alone with one flag', () => {
    const { rules } = requestOf('https://a.example/', { ...options, divergences: true });
    expect(rules).toEqual({ kinds: ['divergence.found'] });
  });

  test.each([{ kinds: 'everything' }, { channel: 'pigeon' }, { label: '\u202e' }])(
    '%o is refused before anybody is asked',
    (wrong) => {
      expect(() => requestOf('https://a.example/', { ...options, ...wrong })).toThrow(
        'cannot be asked for',
      );
    },
  );
});

test('a subscription is one line that steers no terminal', () => {
  const view: SubscriptionView = {
    ...{ id: `sub_${'a'.repeat(24)}`, channel: 'webhook', target: 'https://a.example/…' },
    ...{ label: 'x\u001b[31m\u202e', rules: { kinds: ['round.opened'] }, madeAt: '' },
    ...{ disabledAt: '', disabledBecause: 'the receiver answered 410\n', waiting: 1, dead: 2 },
  };
  const line = subscriptionLine(view);
  expect(line).toContain('kinds=round.opened  1 waiting, 2 dead  disabled: the receiver');
  expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u);
});

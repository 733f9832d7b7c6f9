import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FACTS, type Ask } from './ask.js';
import { askText } from './ask-text.js';
import { parseAsk } from './parse-ask.js';

describe('an ask as a text', () => {
  test.each<[string, Ask]>([
    ['operators=3', { operators: 3 }],
    [
      'operators=3, virtualisation:none>=1, distinct virtualisation>=2',
      {
        operators: 3,
        atLeast: [{ count: 1, where: { virtualisation: 'none' } }],
        distinct: [{ fact: 'virtualisation', count: 2 }],
      },
    ],
    [
      'builders = 5,tag:eu+wsl:no >= 2',
      { builders: 5, atLeast: [{ count: 2, where: { tags: ['eu'], isWsl: false } }] },
    ],
    [
      'operators=2, each era:2025-11, each ram>=16GiB, each disk>=200GiB, each tag:a, each tag:b',
      {
        operators: 2,
        each: {
          ...{ era: '2025-11', ramBytes: 16 * 1024 ** 3, diskBytes: 200 * 1024 ** 3 },
          tags: ['a', 'b'],
        },
      },
    ],
  ])('%s', (text, ask) => {
    expect(parseAsk(text)).toEqual(ask);
  });

  test.each([
    ['', 'is none of'],
    ['operators=3,', 'is none of'],
    ['operators=0', 'counts from 1 to 256'],
    ['operators=257', 'counts from 1 to 256'],
    ['operators=3, operators=4', 'stands there twice'],
    ['operators>=3', 'is none of'],
    ['colour:red>=1', 'is none of'],
    ['distinct colour>=2', 'counts by one of'],
    ['virtualisation:kvm+virtualisation:xen>=1', 'two values of one fact'],
    ['each virtualisation:kvm, each virtualisation:xen', 'two values of one fact'],
    ['wsl:maybe>=1', 'yes or no'],
    ['each ram>=lots', 'no size such as 16GiB'],
    ['each ram>=16EiB', 'no size such as 16GiB'],
    ['tag:"; rm -rf>=1', 'is none of'],
    [Array.from({ length: 17 }, () => 'tag:a>=1').join(','), 'at most 16 demands'],
    ['x'.repeat(1001), 'at most 1000 characters'],
  ])('%j is refused: it %s', (text, why) => {
    expect(() => parseAsk(text)).toThrow(
      expect.objectContaining({ code: 'BAD_ASK', message: expect.stringContaining(why) as string }),
    );
  });

  const wordArb = fc.constantFrom('none', 'kvm', 'own-user', '2025-11', 'a.b_c');
  const whereArb = fc
    .record(
      {
        ...{ virtualisation: wordArb, engine: wordArb, isolation: wordArb, era: wordArb },
        isWsl: fc.boolean(),
        tags: fc.uniqueArray(fc.constantFrom('eu', 'us', 'ssd'), { minLength: 1 }),
      },
      { requiredKeys: [] },
    )
    .filter((where) => Object.keys(where).length > 0);
  const sizeArb = fc.integer({ min: 1, max: 2 ** 45 });
  const askArb = fc.record({
    operators: fc.integer({ min: 1, max: 256 }),
    each: fc.tuple(whereArb, sizeArb).map(([where, ramBytes]) => ({ ...where, ramBytes })),
    atLeast: fc.array(fc.record({ count: fc.integer({ min: 1, max: 256 }), where: whereArb }), {
      minLength: 1,
      maxLength: 4,
    }),
    distinct: fc.array(
      fc.record({ fact: fc.constantFrom(...FACTS), count: fc.integer({ min: 1, max: 9 }) }),
      { minLength: 1, maxLength: 4 },
    ),
  });

  test('comes back as the ask that wrote it', () => {
    fc.assert(
      fc.property(askArb, (ask) => {
        fc.pre(askText(ask).length <= 1000);
        expect(parseAsk(askText(ask))).toEqual(ask);
      }),
    );
  });
});

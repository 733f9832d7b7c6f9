import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileBytes, MAX_BYTES_SHOWN } from '#libs/contracts';
import { maskBytes, maskMargin } from './mask-bytes.js';
import { privateValuesOf, type PrivateValue } from './private-value.js';

const VALUES = privateValuesOf({
  hostnames: ['alpha.example.org'],
  users: ['ada'],
  homes: ['/home/ada/'],
  buildPaths: ['/home/ada/builds/0011223344556677/ic', '/tmp/repro-quorum-aabb'],
});

const masked = (text: string, values: readonly PrivateValue[] = VALUES): [string, string[]] => {
  const { bytes, masks } = maskBytes(Buffer.from(text), values);
  const told = masks.map(({ offset, length, fact }) => `${fact} ${offset}+${length}`);
  return [Buffer.from(bytes).toString('utf8'), told];
};

describe('private values in bytes', () => {
  test.each<[string, string, string, string[]]>([
    ['a host name', 'on alpha;', 'on #####;', ['machine.hostname 3+5']],
    ['a host name in capitals', 'on ALPHA', 'on #####', ['machine.hostname 3+5']],
    ['a whole host name', 'alpha.example.org\0', `${'#'.repeat(17)}\0`, ['machine.hostname 0+17']],
    ['a user', 'ada:x:1000', '###:x:1000', ['user.name 0+3']],
    ['a home', 'HOME=/home/ada', `HOME=${'#'.repeat(9)}`, ['user.home 5+9']],
    ['a home with more', '/home/ada2', '#########2', ['user.home 0+9']],
    [
      'a build path, and not the home in it',
      '/home/ada/builds/0011223344556677/ic/rs/x.rs',
      `${'#'.repeat(36)}/rs/x.rs`,
      ['build.path 0+36'],
    ],
    [
      'two in a row',
      '/home/ada/alpha',
      '#########/#####',
      ['user.home 0+9', 'machine.hostname 10+5'],
    ],
  ])('are hidden: %s', (_what, text, shown, masks) => {
    expect(masked(text)).toEqual([shown, masks]);
  });

  test.each([
    'alphabet',
    'betalpha',
    'adam',
    'Ada',
    'canada',
    '/home/adele',
    '/tmp/repro-quorum-aa',
  ])('are not seen in %s', (text) => {
    expect(masked(text)).toEqual([text, []]);
  });

  test('are found among bytes that are no text', () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xfe, 0]),
      Buffer.from('alpha'),
      Buffer.of(0x80),
    ]);
    const { bytes: shown, masks } = maskBytes(bytes, VALUES);
    expect([...shown]).toEqual([0xff, 0xfe, 0, ...Buffer.from('#####'), 0x80]);
    expect(masks).toEqual([{ offset: 3, length: 5, fact: 'machine.hostname' }]);
  });

  test('are found as UTF-8', () => {
    const values = privateValuesOf({ hostnames: [], users: ['jürgen'], homes: [], buildPaths: [] });
    expect(masked('by jürgen.', values)).toEqual(['by #######.', ['user.name 3+7']]);
  });

  test('mean themselves, whatever characters they have', () => {
    const values = privateValuesOf({
      hostnames: [],
      users: [],
      homes: ['/srv/a+(b)[c].*'],
      buildPaths: [],
    });
    expect(masked('/srv/a+(b)[c].*/x /srv/aab', values)[0]).toBe(`${'#'.repeat(15)}/x /srv/aab`);
  });

  test('that everybody has are no secrets, and show nothing', () => {
    const common = {
      hostnames: ['localhost', 'pc', 'ubuntu'],
      users: ['root', 'ubuntu', 'me'],
      homes: ['/root', '/', '/home/ubuntu', 'relative', ''],
      buildPaths: ['/tmp', '/var/lib/build/ic', '/ic'],
    };
    expect(privateValuesOf(common)).toEqual([]);
  });
});

test('a value that an edge cuts is hidden as far as it is shown', () => {
  const bytes = Buffer.from('built on alpha.example.org by ada');
  for (let from = 0; from < bytes.length; from += 1) {
    for (let to = from; to <= bytes.length; to += 1) {
      const { bytes: shown } = maskBytes(bytes, VALUES, from, to);
      const whole = 'built on ################# by ###';
      expect(Buffer.from(shown).toString()).toBe(whole.slice(from, to));
    }
  }
});

test('no value is left in any part of any bytes, and masks are within them, in order', () => {
  const piece = fc.constantFrom(
    ...['alpha', 'ada', '/home/ada', '.example.org', '/', 'x', ' ', '\0', 'ö', '-', '0'],
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.nat(60),
      fc.nat(60),
      (pieces, start, length) => {
        const bytes = Buffer.from(pieces.join(''));
        const from = Math.min(start, bytes.length);
        const to = Math.min(from + length, bytes.length);
        // As an answer is made: with a margin, and no more than that, known of the file around it.
        const margin = maskMargin(VALUES);
        const lead = Math.max(0, from - margin);
        const around = bytes.subarray(lead, to + margin);
        const { bytes: shown, masks } = maskBytes(around, VALUES, from - lead, to - lead);
        const whole = maskBytes(bytes, VALUES).bytes.subarray(from, to);
        expect(Buffer.from(shown).toString('latin1')).toBe(Buffer.from(whole).toString('latin1'));
        let end = 0;
        for (const mask of masks) {
          expect(mask.offset).toBeGreaterThanOrEqual(end);
          end = mask.offset + mask.length;
          const hidden = Buffer.from(shown.subarray(mask.offset, end)).toString('latin1');
          expect(hidden).toBe('#'.repeat(mask.length));
        }
        expect(end).toBeLessThanOrEqual(shown.length);
      },
    ),
  );
});

test('an answer of nothing but private values still fits', () => {
  const text = 'ada '.repeat(MAX_BYTES_SHOWN / 4);
  const { bytes, masks } = maskBytes(Buffer.from(text), VALUES);
  const answer = { bytes: Buffer.from(bytes).toString('base64'), masks };
  expect(FileBytes.parse(answer).masks).toHaveLength(MAX_BYTES_SHOWN / 4);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  catalogue,
  cleanFactText,
  isSafeFactText,
  protectFacts,
  unknownBuild,
  withheld,
} from './index.js';
import type { Facts } from './index.js';

const salt = new Uint8Array(32).fill(7);
const blank = Object.fromEntries(catalogue.map(({ name }) => [name, null])) as unknown as Facts;
const facts: Facts = {
  ...blank,
  ...unknownBuild,
  'machine.hostname': 'ada-laptop',
  'user.name': 'ada',
  'user.home': '/home/ada',
  'build.path': '/home/ada/rounds/7',
  'os.kernel': '6.1.0-21-amd64',
  'user.uid': 1000,
  'temp.tmpfs': false,
};
const protect = (over: Partial<Facts> = {}, kept: string[] = [], with_ = salt) =>
  protectFacts({ ...facts, ...over }, { salt: with_, withheld: kept });

describe('protected facts', () => {
  test('public ones leave as they are', () => {
    expect(protect()).toMatchObject({
      'os.kernel': '6.1.0-21-amd64',
      'user.uid': 1000,
      'temp.tmpfs': false,
    });
  });

  test('nothing that leaves contains host, user, home or build path', () => {
    const text = JSON.stringify(
      protect({ 'build.command': '/home/ada/rounds/7/build-ic.sh --cache /home/ada/.cache' }),
    );
    for (const secret of ['ada-laptop', '/home/ada', 'rounds']) expect(text).not.toContain(secret);
    expect(text).toContain('<build.path>/build-ic.sh --cache <user.home>/.cache');
  });

  test('the salted digest is the one that others compute', () => {
    expect(protect()['machine.hostname']).toBe(
      'sha256:5ede614946cfb64e8c1299673259685d4df78ceffe5f4c7a71a81fa1647f95fd',
    );
  });

  test('builders of one round can be compared, those of two rounds cannot', () => {
    expect(protect()).toEqual(protect());
    const other = protect({}, [], new Uint8Array(32).fill(8));
    for (const name of ['machine.hostname', 'user.name', 'user.home', 'build.path'] as const) {
      expect(protect()[name]).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(other[name]).not.toBe(protect()[name]);
    }
  });

  test('one value in two facts has two digests', () => {
    const same = protect({ 'machine.hostname': 'ada' });
    expect(same['machine.hostname']).not.toBe(same['user.name']);
  });

  test('what could not be read stays unread, also when it would be salted', () => {
    expect(protect({ 'user.name': null })['user.name']).toBeNull();
  });

  test('withheld is neither unread nor a text that says so', () => {
    const kept = protect({ 'cpu.model': 'withheld' }, ['user.name', 'os.kernel']);
    expect(kept['os.kernel']).toBe(withheld);
    expect(kept['user.name']).toBe(withheld);
    expect(kept['cpu.model']).toBe('withheld');
    expect(JSON.stringify(kept['os.kernel'])).toBe('{"withheld":true}');
  });

  test('a misspelt name is refused, it would publish what was to be kept back', () => {
    expect(() => protect({}, ['os.kernal'])).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FACT' }),
    );
  });

  test('a short salt is refused', () => {
    expect(() => protect({}, [], new Uint8Array(15))).toThrow(
      expect.objectContaining({ code: 'BAD_SALT' }),
    );
  });

  test('a home of / masks nothing', () => {
    const root = protect({ 'user.home': '/', 'build.path': '', 'build.command': './ci/x' });
    expect(root['build.command']).toBe('./ci/x');
  });

  test('a number that is none is not read', () => {
    expect(protect({ 'user.uid': Number.NaN })['user.uid']).toBeNull();
  });

  test('whatever the machine says, every text that leaves is safe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (hostile) => {
        const every = Object.fromEntries(catalogue.map(({ name }) => [name, hostile]));
        const out = protectFacts(every as unknown as Facts, { salt, withheld: [] });
        for (const value of Object.values(out)) {
          expect(typeof value === 'string' && isSafeFactText(value)).toBe(true);
        }
      }),
    );
  });
});

describe('a text', () => {
  test.each([
    ['plain', 'Ubuntu 22.04.4 LTS', true],
    ['other scripts', 'Дебиан 安定 𝄞', true],
    ['empty', '', true],
    ['200 characters', '𝄞'.repeat(200), true],
    ['201 characters', 'x'.repeat(201), false],
    ['a newline', 'a\nb', false],
    ['a newline at the end', 'a\n', false],
    ['an escape', '\u001b[31m', false],
    ['a right-to-left override', 'a\u202eb', false],
    ['an isolate', 'a\u2066b', false],
    ['a zero-width space', 'a\u200bb', false],
    ['a byte order mark', '\ufeffa', false],
    ['a line separator', 'a\u2028b', false],
    ['a lone surrogate', 'a\ud800', false],
    ['a C1 control', 'a\u0085b', false],
  ])('with %s', (_what, text, safe) => {
    expect(isSafeFactText(text)).toBe(safe);
    expect(isSafeFactText(cleanFactText(text))).toBe(true);
    if (safe) expect(cleanFactText(text)).toBe(text);
  });

  test('that is cleaned shows where something was', () => {
    expect(cleanFactText('a\u202eb')).toBe('a\ufffdb');
    expect(cleanFactText('x'.repeat(1_000_000))).toBe(`${'x'.repeat(199)}…`);
  });
});

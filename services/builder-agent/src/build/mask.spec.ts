import { describe, expect, test } from 'vitest';
import { maskText, type PrivateWords } from './mask.js';

const words: PrivateWords = {
  hostname: 'ada-laptop',
  user: 'lovelace',
  paths: ['/home/lovelace', '/home/lovelace/builds', '/var/lib/quorum/', '/tmp'],
};
const mask = (text: string, more: Partial<PrivateWords> = {}): string =>
  maskText(text, { ...words, ...more });

describe('a public text tells no path of this machine', () => {
  test.each([
    ['cannot read /home/lovelace/.conf', 'cannot read <path>/.conf'],
    ['/home/lovelace', '<path>'],
    ['"/home/lovelace"', '"<path>"'],
    ['cd /home/lovelace.', 'cd <path>.'],
    ['gcc -I/home/lovelace/include', 'gcc -I<path>/include'],
    ['file:///home/lovelace/x', 'file://<path>/x'],
    ['/var/lib/quorum/jobs and /var/lib/quorum', '<path>/jobs and <path>'],
    ['/tmp/build.x1/y, /tmp:', '<path>/build.x1/y, <path>:'],
  ])('%s', (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test('a path within another goes with the longer one, in whatever order they are given', () => {
    const text = '/home/lovelace/builds/0123/ic and /home/lovelace/other';
    for (const paths of [words.paths, words.paths.toReversed()]) {
      expect(mask(text, { paths })).toBe('<path>/0123/ic and <path>/other');
    }
  });

  test.each(['/home/lovelaces/x', '/home/lovelace-old/x', '/tmpfs', '/tmp2', '/tmp.old'])(
    'a path that only begins alike stays: %s',
    (text) => {
      expect(mask(text, { user: 'nobody' })).toBe(text);
    },
  );

  test('the root folder is no secret', () => {
    expect(mask('/usr/bin/git: not found', { paths: ['/', ''] })).toBe('/usr/bin/git: not found');
  });
});

describe('a public text tells neither host nor user', () => {
  test.each([
    ['building on ada-laptop as lovelace', 'building on <host> as <user>'],
    ['lovelace@ada-laptop:~$', '<user>@<host>:~$'],
    ['Ada-Laptop', '<host>'],
    ['ADA-LAPTOP.local', '<host>.local'],
    ['(lovelace)', '(<user>)'],
  ])('%s', (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test.each(['ada-laptops', 'my-ada-laptop2', 'lovelaces', 'xlovelace', 'lovelace_2'])(
    'a longer word that holds one stays: %s',
    (text) => {
      expect(mask(text)).toBe(text);
    },
  );

  test('a host name with its domain goes, and its first label alone', () => {
    const hostname = 'vm7.ada.example';
    expect(mask('vm7.ada.example, vm7, vm70', { hostname })).toBe('<host>, <host>, vm70');
  });

  test('names are taken letter by letter, not as patterns', () => {
    expect(mask('a+b.c a-b-c', { user: 'a+b.c', hostname: 'x.y*' })).toBe('<user> a-b-c');
  });

  test.each(['root', 'build', 'builder', 'localhost', 'ubuntu', 'debian'])(
    'a name that everybody has stays: %s',
    (name) => {
      const text = `root.img of ${name} is mounted by ${name}`;
      expect(mask(text, { user: name, hostname: name })).toBe(text);
    },
  );

  test('names of one or two letters stay: too many words are made of them', () => {
    const text = 'ic is built by me';
    expect(mask(text, { user: 'me', hostname: 'ic' })).toBe(text);
  });
});

describe('a public text tells no address', () => {
  test.each([
    '10.0.0.5',
    '192.168.178.20',
    '255.255.255.255',
    'fe80::1',
    '::1',
    '2001:db8::8a2e:370:7334',
    '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
    '2001:DB8::1',
    '::ffff:10.0.0.5',
    '52:54:00:ab:cd:ef',
  ])('%s', (address) => {
    expect(mask(`to ${address} failed`)).toBe('to <address> failed');
    expect(mask(`[${address}]:443, ${address}. (${address})`)).toBe(
      '[<address>]:443, <address>. (<address>)',
    );
  });

  test('with a port or a zone', () => {
    expect(mask('10.0.0.5:8080')).toBe('<address>:8080');
    expect(mask('fe80::1%eth0: unreachable')).toBe('<address>: unreachable');
    expect(mask('2001:db8::1: unreachable')).toBe('<address>: unreachable');
    expect(mask('connect ECONNREFUSED ::1:443')).toBe('connect ECONNREFUSED <address>');
  });
});

describe('everything else stays', () => {
  test.each([
    'git 2.39.5, node 24.21.0',
    'clang version 18.1.3.20240501-1',
    'release 1.2.3.4.5',
    'version 300.1.2.3',
    'at 12:34:56 and 2026-09-10T03:20:00Z',
    'std::vector and core::fmt::Error',
    'error[E0308]: mismatched types --> rs/kernel/src/main.rs:4:12',
    `${'a1'.repeat(32)}  update-img.tar.zst`,
    'ic/0123456789abcdef0123456789abcdef01234567',
    '<path> $& $1 \\ é 😀',
    '',
  ])('%s', (text) => {
    expect(mask(text)).toBe(text);
  });

  test('a text of a megabyte is masked in no time', () => {
    const text = `${'a:1.'.repeat(250_000)}10.0.0.5`;
    const startedAt = performance.now();
    mask(text);
    mask('::'.repeat(500_000));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

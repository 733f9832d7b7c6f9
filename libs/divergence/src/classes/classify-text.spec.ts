import { describe, expect, test } from 'vitest';
import type { ClassifyContext } from './context.js';
import { classify } from './classify.js';
import { fileAt, wholeTexts } from './excerpt.fixture.js';

const DIGESTS = ['0123456789abcdef'.repeat(4), 'fedcba9876543210'.repeat(4)] as const;
const AT = Date.UTC(2026, 10, 21, 20, 0) / 1000;
const known: ClassifyContext = {
  times: { left: { from: AT, to: AT + 3600 }, right: { from: AT + 90, to: AT + 3600 } },
  digests: [{ location: ['', 'root.img'], left: DIGESTS[0], right: DIGESTS[1] }],
  facts: {
    left: {
      'os.kernel': '6.1.0-13-amd64',
      'cpu.count': 8,
      'user.name': 'sha256:1',
      'time.zone': 'UTC',
    },
    right: { 'os.kernel': '2.6.61', 'cpu.count': 2, 'user.name': 'sha256:1', 'time.zone': 'UTC' },
  },
};

function classesOf(left: string, right: string, context: ClassifyContext = {}): string[] {
  return classify(fileAt('etc/x'), [wholeTexts(left, right)], context).map(
    ({ class: kind, seenFacts }) => [kind, ...seenFacts].join(' '),
  );
}

describe('a text', () => {
  test.for<[string, string, string]>([
    ['built at 2026-11-21T20:10:00.123Z', 'built at 2026-11-21T20:14:01.500Z', 'timestamp'],
    ['Sat Nov 21 20:10:00 UTC 2026', 'Sat Nov 21 20:14:01 UTC 2026', 'timestamp'],
    [
      '#1 SMP Sat, 21 Nov 2026 20:10:00 +0000',
      '#1 SMP Sat, 21 Nov 2026 20:14:01 +0000',
      'timestamp',
    ],
    ['__TIME__ 20:10:00', '__TIME__ 20:14:01', 'timestamp'],
    ['stamp=20261121201000', 'stamp=20261121201401', 'timestamp'],
    [`epoch ${AT + 5}`, `epoch ${AT + 200}`, 'timestamp'],
    [`ms: ${AT + 5}123`, `ms: ${AT + 200}456`, 'timestamp'],
    [
      'id 0b3b1c52-4f0e-4c38-9d4f-0a8b6c6d7e8f',
      'id 7d0c6a7e-1d3a-4a3a-8a5b-4a8b2c1d0e9f',
      'random-id',
    ],
    ['tmp=/tmp/tmp.Xa81kQ/x', 'tmp=/tmp/tmp.bQ72Lw/x', 'random-id'],
    ['nonce a8Kd93Lk2Pq7', 'nonce z1X0c9V8b7N6', 'random-id'],
    ['src /home/ann/ic/rs/x.rs', 'src /srv/build/rs/x.rs', 'build-path'],
    ['HOSTNAME=alpha', 'HOSTNAME=beta.example', 'hostname'],
    ['built on alpha', 'built on beta', 'hostname'],
    ['(root@alpha) gcc', '(root@beta) gcc', 'hostname'],
    ['(ann@alpha) gcc', '(bea@alpha) gcc', 'user'],
    ['compiled by ann', 'compiled by bea', 'user'],
    ['ca-certificates 2025.08.10', 'ca-certificates 2025.09.14', 'package-version'],
    ['libssl3 3.0.2-0ubuntu1.10 amd64', 'libssl3 3.0.2-0ubuntu1.12 amd64', 'package-version'],
    ['libc6 2.35-0ubuntu3.6 amd64', 'libc6 2.35-0ubuntu3.8 amd64', 'package-version'],
    ['ii  libc6:amd64     2.36-9 amd64', 'ii  libc6:amd64     2.36-10 amd64', 'package-version'],
    ['tzdata 2024a-0ubuntu0.22.04', 'tzdata 2024b-0ubuntu0.22.04', 'package-version'],
    ['Version: 20230311ubuntu0.22.04.1', 'Version: 20240203~22.04.1', 'package-version'],
    ['get foo_1.2-3ubuntu1_all.deb', 'get foo_1.2-3ubuntu2_all.deb', 'package-version'],
    ['built 2026-11-21', 'built 2026-11-22', 'timestamp'],
    ['Version: 1.2.3', 'Version: 1.2.4', 'package-version'],
    ['get foo_1.2.3_amd64.deb', 'get foo_1.2.4_amd64.deb', 'package-version'],
    ['gcc-12.2', 'gcc-12.3', 'package-version'],
    [`root_hash=${DIGESTS[0]}`, `root_hash=${DIGESTS[1]}`, 'embedded-hash'],
    ['max_open_files = 1024', 'max_open_files = 4096', 'unknown'],
    ['took 0.53 s', 'took 0.71 s', 'unknown'],
    ['tag 1234567890', 'tag 1999999999', 'unknown'],
    ['[1, 2]', '[1, 3]', 'unknown'],
  ])('%s | %s: %s', ([left, right, expected]) => {
    expect(classesOf(left, right)).toEqual([expected]);
    expect(classesOf(`a\n${left}\nz\n`, `a\n${right}\nz\n`)).toEqual([expected]);
  });

  test('of packages names them', () => {
    const list = (version: string): string => `ii  libc6:amd64     ${version} amd64  GNU C Library`;
    const [finding] = classify(fileAt('x'), [wholeTexts(list('2.36-9'), list('2.36-10'))]);
    expect(finding?.detail).toBe('libc6: "2.36-9" on the left, "2.36-10" on the right');
  });

  test('that has the same lines in another order is an ordering', () => {
    expect(classesOf('b\na\nc\n', 'a\nb\nc\n')).toEqual(['ordering']);
    expect(classesOf('deps: a, b, c\n', 'deps: c, a, b\n')).toEqual(['ordering']);
  });

  test('that is sorted by bytes on one side and by a language on the other is a locale', () => {
    expect(classesOf('Cargo\nZlib\nanyhow\nbase64\n', 'anyhow\nbase64\nCargo\nZlib\n')).toEqual([
      'locale',
    ]);
    expect(classesOf('foo-bar\nfoo.a\nfoobar\n', 'foo.a\nfoobar\nfoo-bar\n')).toEqual(['locale']);
  });

  test('gives one finding for each kind of thing in it, what is unknown last', () => {
    const left = 'size 12\nat 2026-11-21T20:10:00Z\non host: alpha\n';
    const right = 'size 13\nat 2026-11-21T20:11:03Z\non host: beta\n';
    expect(classesOf(left, right)).toEqual(['timestamp', 'hostname', 'unknown']);
  });

  test('of which one side has more lines is unknown', () => {
    expect(classesOf('a\nb\n', 'a\nb\nc\n')).toEqual(['unknown']);
  });
});

describe('what is drawn by chance', () => {
  const [one, other] = ['0123456789abcdef'.repeat(2), 'fedcba9876543210'.repeat(2)];
  const at = (path: string, left: string, right: string, context: ClassifyContext = {}): string[] =>
    classify(fileAt(path), [wholeTexts(left, right)], context).map(({ class: kind }) => kind);
  const key = (body: string): string =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.repeat(9)}\n-----END OPENSSH PRIVATE KEY-----\n`;

  test('is told by path and form', () => {
    expect(at('etc/machine-id', `${one}\n`, `${other}\n`)).toEqual(['random-id']);
    expect(at('etc/machine-id', `${one}\n`, 'uninitialized\n')).toEqual(['unknown']);
    expect(at('var/lib/systemd/random-seed', 'abcdefgh', '\u0001\u0002345678')).toEqual([
      'random-id',
    ]);
    expect(at('etc/ssh/ssh_host_rsa_key', key('aB3d'), key('Zx9/'))).toEqual(['random-id']);
    expect(at('etc/ssh/ssh_host_rsa_key', key('aB3d'), `${key('Zx9/')}#!/bin/sh`)).not.toContain(
      'random-id',
    );
    expect(at('etc/ssh/authorized_keys', key('aB3d'), key('Zx9/'))).not.toContain('random-id');
    const line = (body: string, host: string): string =>
      `ssh-rsa ${body.repeat(20)} root@${host}\n`;
    const path = 'etc/ssh/ssh_host_rsa_key.pub';
    expect(at(path, line('aB3d', 'alpha'), line('Zx9/', 'beta'))).toEqual([
      ...['random-id', 'hostname'],
    ]);
  });

  test('is a machine’s id by the word before; other 32 hex digits are no digest of anything', () => {
    expect(at('etc/x', `machine-id: ${one}`, `machine-id: ${other}`)).toEqual(['random-id']);
    expect(at('etc/x', one, other)).toEqual(['unknown']);
    const digests = [{ location: ['', 'y'], left: one, right: other }];
    expect(at('etc/x', one, other, { digests })).toEqual(['embedded-hash']);
  });

  test('is no password’s salt, which hides another password; days of its last change are a time', () => {
    const day = Math.floor(AT / 86_400);
    const line = (password: string, days: number, name = 'root'): string =>
      `${name}:${password}:${days}:0:99999:7:::\n`;
    const hashed = (salt: string, hash = 'abcdefghijkl'): string => `$6$${salt}$${hash}`;
    const shadow = (left: string, right: string, context = known): string[] =>
      at('etc/shadow', left, right, context);
    expect(shadow(line(hashed('aa1'), day), line(hashed('bb2', 'xyzxyzxyzxyz'), day))).toEqual([
      'unknown',
    ]);
    expect(shadow(line(hashed('aa1'), day), line(hashed('aa1', 'xyzxyzxyzxyz'), day))).toEqual([
      'unknown',
    ]);
    expect(shadow(line('*', day), line(hashed('aa1'), day))).toEqual(['unknown']);
    expect(shadow(line('*', day), line('*', day + 1))).toEqual(['timestamp']);
    expect(shadow(line('*', 18_000), line('*', 18_005))).toEqual(['unknown']);
    expect(shadow(line('*', day), line('*', day + 1, 'eve'))).not.toContain('timestamp');
    expect(at('etc/passwd', line('*', day), line('*', day + 1), known)).toEqual(['unknown']);
  });
});

describe('a mask', () => {
  test.for<[string, string, string]>([
    [
      'built on «machine.hostname:alpha»',
      'built on «machine.hostname:beta»',
      'hostname machine.hostname',
    ],
    ['by «user.name:ann»', 'by «user.name:bea»', 'user user.name'],
    ['«build.path:/home/ann/ic»/rs/x.rs', '«build.path:/srv/ic»/rs/x.rs', 'build-path build.path'],
    ['«user.home:/home/ann»/.cache', '«user.home:/root»/.cache', 'build-path user.home'],
  ])('tells what stands there: %s', ([left, right, expected]) => {
    expect(classesOf(left, right)).toEqual([expected]);
  });

  test('of one length on both sides is still a difference', () => {
    expect(classesOf('on «machine.hostname:alpha»', 'on «machine.hostname:gamma»')).toEqual([
      'hostname machine.hostname',
    ]);
  });

  test('is no trace where both builders have the same value', () => {
    const texts = ['«user.name:ann» 1', '«user.name:ann» 2'] as const;
    expect(classesOf(...texts, known)).toEqual(['unknown']);
    const facts = { left: { 'user.uid': 1000 }, right: { 'user.uid': '1000' } };
    expect(classesOf('«user.uid:1000» 1', '«user.uid:1000» 2', { facts })).toEqual(['unknown']);
  });

  test('cannot be forged by what stands in a file', () => {
    const forged = '\ue000machine.hostname\ue003';
    expect(classesOf(`a ${forged}`, 'a b')).toEqual(['unknown']);
  });

  test('hides nothing of what a reader is shown', () => {
    const [finding] = classify(fileAt('x'), [
      wholeTexts('on «machine.hostname:alpha»\n', 'on «machine.hostname:beta»\n'),
    ]);
    expect(finding?.diff).toContain('-on <machine.hostname, left>');
    expect(finding?.diff).toContain('+on <machine.hostname, right>');
    expect(`${finding?.detail} ${finding?.diff}`).not.toMatch(/[\ue000-\uf8ff]|alpha/u);
  });
});

describe('what is known beside the bytes', () => {
  test('times of neither build are no timestamps of them', () => {
    expect(classesOf('2021-01-02T03:04:05Z', '2022-01-02T09:04:07Z', known)).toEqual(['unknown']);
    expect(classesOf(`${AT - 9_000_000}`, `${AT - 8_000_000}`, known)).toEqual(['unknown']);
    expect(classesOf(`${AT + 5}`, `${AT + 200}`, known)).toEqual(['timestamp']);
  });

  test('what no fact is seen in is told beside what one is seen in', () => {
    const [left, right] = ['jobs=8\nPermitRootLogin no\n', 'jobs=2\nPermitRootLogin yes\n'];
    expect(classesOf(left, right, known)).toEqual(['unknown cpu.count', 'unknown']);
    const [zone, date] = ['2026-11-21T20:10:00', '2026-11-21T20:11:00'];
    const other = '2026-11-21T21:10:00';
    expect(classesOf(`a ${zone}\n\nb ${zone}`, `a ${other}\n\nb ${date}`, known)).toEqual([
      ...['timestamp time.zone', 'timestamp'],
    ]);
  });

  test('one instant in two time zones is told by the whole hours between', () => {
    const [left, right] = ['released at 2026-09-10 02:26:40', 'released at 2026-09-10 04:26:40'];
    expect(classesOf(left, right, known)).toEqual(['timestamp time.zone']);
    expect(classesOf(left, right)).toEqual(['timestamp time.zone']);
  });

  test('a digest of what differs names it', () => {
    const [finding] = classify(
      fileAt('extra_boot_args'),
      [wholeTexts(`h=${DIGESTS[0]}`, `h=${DIGESTS[1]}`)],
      known,
    );
    expect(finding).toMatchObject({ class: 'embedded-hash', impliedBy: ['', 'root.img'] });
  });

  test('a digest of something unknown does not hide behind one that is known', () => {
    const other = ['1'.repeat(64), '2'.repeat(64)];
    const texts = [0, 1].map((side) => `${DIGESTS[side]} a\n${other[side]} b\n`);
    const [finding] = classify(fileAt('SUMS'), [wholeTexts(texts[0] ?? '', texts[1] ?? '')], known);
    expect(finding?.class).toBe('embedded-hash');
    expect(finding).not.toHaveProperty('impliedBy');
  });

  test('a value that a builder told openly is recognised', () => {
    expect(classesOf('Linux 6.1.0-13-amd64', 'Linux 2.6.61', known)).toEqual([
      expect.stringMatching(/ os\.kernel$/),
    ]);
    expect(classesOf('jobs = 8', 'jobs = 2', known)).toEqual(['unknown cpu.count']);
    expect(classesOf('jobs = 18', 'jobs = 2', known)).toEqual(['unknown']);
    expect(classesOf('foo 1.8.3', 'foo 1.2.3', known)).toEqual(['package-version']);
    const alike = { left: { 'disk.size': 4096 }, right: { 'disk.size': '4096' } };
    expect(classesOf('/srv/4096/a/x', '/srv/4096/b/x', { facts: alike })).toEqual(['build-path']);
  });
});

describe('hostile text', () => {
  test('ends in a bounded answer without control characters', () => {
    const evil = `\u202e\u001b[31m${'x'.repeat(100_000)}`;
    for (const finding of classify(fileAt('x'), [wholeTexts(`a ${evil}1`, `b ${evil}2`)])) {
      expect(finding.detail.length).toBeLessThanOrEqual(300);
      expect((finding.diff ?? '').length).toBeLessThan(60 * 220);
      expect(`${finding.detail}${finding.diff}`).not.toMatch(/[\u202e\u001b]/u);
    }
  });

  // An expression that goes back and forth over one of these would not end within a test's time.
  test('is looked through once, whatever it repeats', () => {
    const repeats = [
      'a',
      '1',
      '1.',
      '/a',
      'a@',
      '[1,',
      '-',
      '2026-',
      'Jan ',
      'v1.',
      '\n',
      'a=1.2.3-',
      '1.2~',
      'a 1-2 ',
      ' ',
      '1ubuntu',
    ];
    for (const part of repeats) {
      const text = part.repeat(Math.floor(32_768 / part.length));
      const findings = classify(fileAt('x'), [wholeTexts(`${text}1`, `${text}2`)]);
      expect(findings.length).toBeGreaterThan(0);
    }
  });

  test('is told as not compared where it goes beyond what is looked at', () => {
    const [left, right] = ['built 1700000001', 'built 1700000099'];
    const beyond = (end: string): string => `${'x'.repeat(5000)}${end}`;
    expect(classesOf(beyond('a'), beyond('b'))).toEqual(['unknown']);
    expect(classesOf(`${left} ${beyond('a')}`, `${right} ${beyond('a')}`)).toEqual(['timestamp']);
    expect(classesOf(`${left} ${beyond('a')}`, `${right} ${beyond('b')}`)).toEqual([
      ...['timestamp', 'unknown'],
    ]);
    const lines = (first: string, count: number, last: string): string =>
      [first, ...Array.from({ length: count }, () => 'x'), last].join('\n');
    expect(classesOf(lines(left, 4500, 'a'), lines(right, 4500, 'b'))).toEqual([
      ...['timestamp', 'unknown'],
    ]);
    const often = (time: string, last: string): string => `${`${time}\nx\n`.repeat(201)}${last}`;
    expect(classesOf(often(left, 'a'), often(right, 'b'))).toEqual(['timestamp', 'unknown']);
  });

  test('of thousands of other lines is told as such', () => {
    const lines = (seed: string): string =>
      Array.from({ length: 3000 }, (_, index) => `${seed}${index}`).join('\n');
    expect(classesOf(lines('a'), lines('b'))).toEqual(['unknown']);
  });
});

import { describe, expect, test } from 'vitest';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Difference } from '../difference.js';
import { investigate } from '../investigation/investigate.js';
import { MemoryAsker } from '../investigation/memory-asker.fixture.js';
import { toldFile } from '../investigation/told-file.fixture.js';

type Files = Readonly<Record<string, Uint8Array>>;

const STATUS = 'var/lib/dpkg/status';
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';

/** A status of some 60 kB, as an image of hundreds of packages has. */
function status(version: string): Uint8Array {
  const stanza = (name: string, of: string): string =>
    `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${of}\nDescription: ${'x '.repeat(40)}\n`;
  const others = Array.from({ length: 300 }, (_, index) =>
    stanza(`lib-${index}`, `1.0.${index}-1`),
  );
  others.splice(150, 0, stanza('openssl', version), stanza('libssl3', version));
  return Buffer.from(others.join('\n'));
}

/** Bytes that tell nothing. */
function program(seed: number): Uint8Array {
  return new Uint8Array(2000).map((_, at) => ((at + 1) * (seed + 7) * 2_654_435_761) >>> 24);
}

function image(version: string, seed: number, more: Files = {}): Files {
  const list = (...paths: readonly string[]): Uint8Array =>
    Buffer.from(['/.', '/usr', ...paths.map((path) => `/${path}`), ''].join('\n'));
  return {
    [STATUS]: status(version),
    'usr/bin/openssl': program(seed),
    [`${LIBRARIES}/libssl.so.3`]: program(seed + 1),
    [`${LIBRARIES}/libcrypto.so.3`]: program(seed + 2),
    'usr/share/doc/libssl3/changelog.Debian.gz': program(seed + 3),
    'var/lib/dpkg/info/openssl.list': list('usr/bin/openssl'),
    // As packages listed it before /lib became a link.
    'var/lib/dpkg/info/libssl3:amd64.list': list(
      'lib/x86_64-linux-gnu/libssl.so.3',
      `${LIBRARIES}/libcrypto.so.3`,
    ),
    ...more,
  };
}

const OTHERS: readonly Difference[] = [
  'usr/bin/openssl',
  `${LIBRARIES}/libssl.so.3`,
  `${LIBRARIES}/libcrypto.so.3`,
  'usr/share/doc/libssl3/changelog.Debian.gz',
].map((path) => fileAt(path));

/** Paths of what follows from nothing. */
async function rootsOf(
  left: Files,
  right: Files,
  more: readonly Difference[] = [],
): Promise<string[]> {
  const findings = await investigate({
    differences: [...OTHERS, ...more, toldFile(STATUS, left[STATUS]!, right[STATUS]!)],
    ...{ left: new MemoryAsker(left), right: new MemoryAsker(right) },
    limits: { maxFiles: 2 },
  });
  const roots = findings.filter(({ impliedBy }) => impliedBy === undefined);
  return roots.map(({ difference, class: kind }) => `${kind} ${difference.location.at(-1)}`);
}

const [OLD, NEW] = ['3.0.2-0ubuntu1.9', '3.0.2-0ubuntu1.12'];
const DRIFT = [`package-version ${STATUS}`, `package-version ${STATUS}`];

describe('files of packages of other versions', () => {
  test('follow from these, however many files differ beside the status', async () => {
    expect(await rootsOf(image(OLD, 1), image(NEW, 11))).toEqual(DRIFT);
  });

  test('are no others', async () => {
    const evil = { 'usr/sbin/sshd': program(5) };
    const [left, right] = [image(OLD, 1, evil), image(NEW, 11, { 'usr/sbin/sshd': program(6) })];
    expect(await rootsOf(left, right, [fileAt('usr/sbin/sshd')])).toEqual([
      ...['unknown usr/sbin/sshd', ...DRIFT],
    ]);
  });

  test('are not what one side alone lists, nor what is listed nowhere', async () => {
    const lists = { 'var/lib/dpkg/info/libssl3:amd64.list': Buffer.from('/usr\n') };
    expect(await rootsOf(image(OLD, 1, lists), image(NEW, 11))).toEqual([
      `unknown ${LIBRARIES}/libcrypto.so.3`,
      ...DRIFT,
    ]);
  });

  test.for<[path: string, kind: Difference['kind'], right: Difference['right']]>([
    ['usr/bin/evil', 'file', { mode: '0755' }],
    ['usr/bin/evil', 'hardlink', { mode: '0755' }],
    ['usr/bin/evil', 'symlink', {}],
    ['dev/evil', 'device', { mode: '0600' }],
    ['usr/lib/x86_64-linux-gnu/security/pam_evil.so', 'file', { mode: '0644' }],
    ['usr/lib/modules/5.15.0/evil.ko', 'file', { mode: '0644' }],
    ['usr/lib/python3/dist-packages/evil.py', 'file', { mode: '0644' }],
    ['etc/sudoers.d/evil', 'file', { mode: '0440' }],
    ['etc/pam.d/evil', 'file', { mode: '0644' }],
    ['etc/cron.d/evil', 'file', { mode: '0644' }],
    ['etc/apt/apt.conf.d/evil', 'file', { mode: '0644' }],
    ['etc/dpkg/dpkg.cfg.d/evil', 'file', { mode: '0644' }],
    ['etc/alternatives/vi', 'symlink', {}],
    ['boot/grub/custom.cfg', 'file', { mode: '0644' }],
    ['etc/ld.so.preload', 'file', { mode: '0644' }],
    ['usr/lib/systemd/system/evil.service', 'file', { mode: '0644' }],
    ['etc/systemd/system/multi-user.target.wants/evil.service', 'symlink', {}],
  ])(
    'are not what can be run and only one side has: %s as a %s %j',
    async ([path, kind, right]) => {
      const more = {
        'var/lib/dpkg/info/openssl.list': Buffer.from(`/usr/bin/openssl\n/${path}\n`),
      };
      const added = fileAt(path, { kind, aspects: ['presence'], left: null, right });
      expect(await rootsOf(image(OLD, 1), image(NEW, 11, more), [added])).toContain(
        `only-in-one ${path}`,
      );
    },
  );

  test('may be new ones that nothing runs', async () => {
    const path = 'usr/share/doc/openssl/FAQ';
    const more = { 'var/lib/dpkg/info/openssl.list': Buffer.from(`/usr/bin/openssl\n/${path}\n`) };
    const plain = { aspects: ['presence'], left: null, right: { mode: '0644' } } as const;
    const added = fileAt(path, plain);
    expect(await rootsOf(image(OLD, 1), image(NEW, 11, more), [added])).toEqual(DRIFT);
  });

  test('keep times of their own, where neither build can have left these', async () => {
    const path = `${LIBRARIES}/libcrypto.so.3`;
    const times = { aspects: ['time'], left: { mtime: 1 }, right: { mtime: 2 } } as const;
    const span = { from: 1_700_000_000, to: 1_700_003_600 };
    const drift = toldFile(STATUS, status(OLD), status(NEW));
    const findings = await investigate({
      differences: [drift, fileAt(path, times), fileAt('etc/passwd', times)],
      ...{ left: new MemoryAsker(image(OLD, 1)), right: new MemoryAsker(image(NEW, 1)) },
      context: { times: { left: span, right: span } },
    });
    const roots = findings.filter(({ impliedBy }) => impliedBy === undefined);
    expect(roots.map(({ difference }) => difference.location.at(-1))).toEqual([
      ...[STATUS, STATUS, 'etc/passwd'],
    ]);
  });
});

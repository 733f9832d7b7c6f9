import { describe, expect, test } from 'vitest';
import { classify } from '../classes/classify.js';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Difference, DifferenceClass, Finding } from '../difference.js';
import { fold, foldArtifacts, isOfOtherArtifact } from './fold.js';

const IMAGE = ['', '', 'root.img'];
const STATUS = 'var/lib/dpkg/status';

function found(
  kind: DifferenceClass,
  location: Difference['location'],
  extra: Partial<Difference> = {},
  more: Partial<Finding> = {},
): Finding {
  const difference = { ...fileAt(''), location, ...extra };
  return { difference, class: kind, detail: 'x', seenFacts: [], ...more };
}

/** What each finding is implied by, in the order given; null for a root cause. */
function causesIn(...findings: readonly Finding[]): (Finding | null)[] {
  const folded = fold(findings);
  return findings.map(({ difference }) => {
    const own = folded.find((each) => each.difference === difference);
    const by = JSON.stringify(own?.impliedBy ?? null);
    return findings.find((each) => JSON.stringify(each.difference.location) === by) ?? null;
  });
}

const diffOf = (left: string, right: string): string =>
  `--- left\n+++ right\n@@ -1,1 +1,1 @@\n-${left}\n+${right}\n`;
const [HASH_A, HASH_B] = ['a'.repeat(64), 'b'.repeat(64)] as const;
const argument = (hash: string): string => `EXTRA_BOOT_ARGS="selinux=1 root_hash=${hash}"`;
const BOOT_DIFF = { diff: diffOf(argument(HASH_A), argument(HASH_B)) };

const hostname = found('hostname', [...IMAGE, 'etc/build-host']);
const added = found('only-in-one', [...IMAGE, 'run/lock'], { aspects: ['presence'], left: null });

describe('what follows from something else', () => {
  test('names its root cause: root.img, the boot arguments, what is measured', () => {
    const image = found('unknown', IMAGE, { aspects: ['content', 'size'] });
    const boot = found('embedded-hash', ['', '', 'boot.img', 'extra_boot_args'], {}, BOOT_DIFF);
    const bootImage = found('unknown', ['', '', 'boot.img'], { aspects: ['content'] });
    const measured = found('embedded-hash', ['', '', 'launch-measurements.json']);
    expect(causesIn(image, boot, bootImage, measured, hostname)).toEqual([
      ...[hostname, hostname, hostname, hostname, null],
    ]);
  });

  test('is the hash of a root whose bytes differ, and of none beside which it does not stand', () => {
    const boot = found('embedded-hash', ['', '', 'boot.img', 'extra_boot_args'], {}, BOOT_DIFF);
    const [time, content, header] = [
      found('timestamp', IMAGE, { aspects: ['time'] }),
      found('unknown', IMAGE, { aspects: ['content'] }),
      found('random-id', IMAGE, { kind: 'ext4', aspects: ['header'] }),
    ];
    expect(causesIn(boot, time)).toEqual([null, null]);
    expect(causesIn(boot, content)).toEqual([content, null]);
    expect(causesIn(boot, header)).toEqual([header, null]);
    const elsewhere = found('hostname', ['', '', 'disk.img', 'data', 'x.tar', 'root.img', 'etc/x']);
    expect(causesIn(boot, elsewhere)).toEqual([null, null]);
  });

  test('is no other digest among the boot files', () => {
    const at = (path: string, left: string, right: string): Finding =>
      found('embedded-hash', ['', '', 'boot.img', path], {}, { diff: diffOf(left, right) });
    const key = at('grub/trusted_key', HASH_A, HASH_B);
    const named = at(
      'extra_boot_args',
      `trusted_root_hash=${HASH_A}`,
      `trusted_root_hash=${HASH_B}`,
    );
    const beside = at(
      'extra_boot_args',
      `root_hash=${HASH_A} key=${HASH_A}`,
      `root_hash=${HASH_B} key=${HASH_B}`,
    );
    const cut = at('extra_boot_args', `root_hash=${HASH_A} key=…`, `root_hash=${HASH_B} key=…`);
    const unseen = found('embedded-hash', ['', '', 'boot.img', 'extra_boot_args']);
    const parts = [`root_hash=`, `initrd_sha256=`].map((name, at) => ({
      ...{ offset: at * 90_000, left: Buffer.from(`${name}${HASH_A}`) },
      right: Buffer.from(`${name}${HASH_B}`),
    }));
    const [far] = classify(unseen.difference, parts);
    const [near] = classify(unseen.difference, parts.slice(0, 1));
    expect(causesIn(near!, hostname)).toEqual([hostname, null]);
    for (const other of [key, named, beside, cut, unseen, far!]) {
      expect(causesIn(other, hostname)).toEqual([null, null]);
    }
  });

  test('is the hash of the root also where another finding of the text has its diff', () => {
    const path = ['', '', 'boot.img', 'extra_boot_args'];
    const time = found('timestamp', path, {}, BOOT_DIFF);
    expect(causesIn(found('embedded-hash', path), time, hostname)).toEqual([hostname, null, null]);
  });

  test('comes after root causes', () => {
    const image = found('unknown', IMAGE, { aspects: ['content'] });
    expect(fold([image, hostname]).map((each) => each.class)).toEqual(['hostname', 'unknown']);
  });

  test('is a digest of it', () => {
    const sums = found('embedded-hash', ['', '', 'SUMS'], {}, { impliedBy: IMAGE });
    expect(causesIn(sums, hostname)).toEqual([hostname, null]);
  });

  test('is where things lie, and what is between them', () => {
    const rest = found('unknown', IMAGE, { kind: 'ext4', aspects: ['rest'] });
    const layout = found('layout', [...IMAGE, 'bin/sh'], { aspects: ['layout'] });
    expect(causesIn(rest, layout, hostname)).toEqual([hostname, hostname, null]);
    const header = found('filesystem-header', IMAGE, { kind: 'ext4', aspects: ['header'] });
    expect(causesIn(rest, header)[1]).toBeNull();
    expect(fold([rest, header]).map((each) => each.impliedBy)).toEqual([undefined, IMAGE]);
  });

  test('is not what is between things of which only times, identifiers, rights, owners or orders differ', () => {
    const rest = found('unknown', IMAGE, { kind: 'ext4', aspects: ['rest'] });
    const written = found('timestamp', IMAGE, { kind: 'ext4', aspects: ['header'] });
    const at = [...IMAGE, 'etc/x'];
    for (const roomless of [
      written,
      found('random-id', IMAGE, { kind: 'ext4', aspects: ['header'] }),
      found('timestamp', at, { aspects: ['time'] }),
      found('mode-owner', at, { aspects: ['mode'] }),
      found('mode-owner', at, { aspects: ['owner'] }),
      found('ordering', IMAGE, { kind: 'tar', aspects: ['order'] }),
    ]) {
      expect(causesIn(rest, roomless)).toEqual([null, null]);
    }
    expect(causesIn(rest, written, hostname)).toEqual([hostname, null, null]);
  });

  test('is a directory that lists one thing more', () => {
    const directory = found('timestamp', [...IMAGE, 'run'], {
      ...({ kind: 'directory', aspects: ['time'] } as const),
    });
    const other = found('timestamp', [...IMAGE, 'etc'], { kind: 'directory', aspects: ['time'] });
    const mode = found('mode-owner', [...IMAGE, 'run'], { kind: 'directory', aspects: ['mode'] });
    expect(causesIn(directory, other, added)).toEqual([added, null, null]);
    expect(causesIn(mode, added)).toEqual([null, null]);
  });

  test('is no right of that directory, and not that it is a link now', () => {
    const own = (aspects: Difference['aspects'], names: Difference['left']): Finding =>
      found('unknown', [...IMAGE, 'run'], { kind: 'directory', aspects, left: names, right: {} });
    expect(causesIn(own(['kind', 'target'], { kind: 'directory' }), added)).toEqual([null, null]);
    expect(causesIn(own(['header'], { xattrs: 'sha256:a' }), added)).toEqual([null, null]);
    const links = own(['header'], { links: 3 });
    expect(causesIn(links, added)).toEqual([added, null]);
  });

  test('is never a thing that can be run, and is only in one', () => {
    const only = { aspects: ['presence'], left: null } as const;
    const directory = found('only-in-one', [...IMAGE, 'opt/x'], { ...only, kind: 'directory' });
    const drift = found('package-version', [...IMAGE, 'opt/x/version.txt']);
    const at = (path: string, right: Difference['right'], kind: Difference['kind'] = 'file') =>
      found('only-in-one', [...IMAGE, `opt/x/${path}`], { ...only, kind, right });
    const plain = at('notes', { mode: '0644' });
    expect(causesIn(plain, directory)).toEqual([directory, null]);
    expect(causesIn(plain, drift)).toEqual([drift, null]);
    expect(causesIn(at('link', {}, 'symlink'), directory)).toEqual([null, null]);
    for (const runs of [
      at('tool', { mode: '0755' }),
      at('tool', { mode: '4644' }),
      at('evil.so.1', { mode: '0644' }),
      at('tool', { mode: '0755' }, 'hardlink'),
      at('sda', { mode: '0600' }, 'device'),
      at('shared', { mode: '2755' }, 'directory'),
      at('untold', {}),
      at('evil.py', { mode: '0644' }),
      at('evil.ko', { mode: '0644' }),
      at('evil.service', { mode: '0644' }),
      at('multi-user.target.wants/evil', {}, 'symlink'),
      at('bin/ls', {}, 'symlink'),
    ]) {
      expect(causesIn(runs, directory)).toEqual([null, null]);
      expect(causesIn(runs, drift)).toEqual([null, null]);
    }
  });

  test('is not what lies between the partitions of a disk, where a file in one of them differs', () => {
    const rest = found('unknown', ['', '', 'disk.img'], { kind: 'gpt', aspects: ['rest'] });
    const disk = ['', '', 'disk.img', 'partition-2'];
    const inside = found('hostname', [...disk, 'etc/host']);
    const moved = found('unknown', disk, { kind: 'partition', aspects: ['header'] });
    expect(causesIn(rest, inside)).toEqual([null, null]);
    expect(causesIn(rest, moved)).toEqual([moved, null]);
  });

  test('is what lies below a directory that is only in one', () => {
    const [aspects, left] = [['presence'], null] as const;
    const directory = found('only-in-one', [...IMAGE, 'opt/x'], {
      kind: 'directory',
      aspects,
      left,
    });
    const right = { mode: '0644' };
    const below = found('only-in-one', [...IMAGE, 'opt/x/y'], { aspects, left, right });
    const beside = found('only-in-one', [...IMAGE, 'opt/xy'], { aspects, left, right });
    expect(causesIn(directory, below, beside)).toEqual([null, directory, null]);
  });

  test('is the order of a directory whose filesystem has another seed', () => {
    const order = found('ordering', [...IMAGE, 'usr'], { kind: 'directory', aspects: ['order'] });
    const seed = found('filesystem-header', IMAGE, {
      ...({ kind: 'ext4', aspects: ['header'] } as const),
      ...{ left: { 'hash-seed': 'a' }, right: { 'hash-seed': 'b' } },
    });
    expect(causesIn(order, seed)).toEqual([seed, null]);
    expect(causesIn(order)).toEqual([null]);
  });

  test('is the copy of a header that has another identifier', () => {
    const [kind, aspects] = ['gpt', ['header']] as const;
    const [left, right] = [{ backup: 'a' }, { backup: 'b' }];
    const copy = found('filesystem-header', ['', ''], { kind, aspects, left, right });
    const uuid = found('random-id', ['', ''], { kind, aspects });
    expect(fold([copy, uuid]).map((each) => each.impliedBy)).toEqual([undefined, ['', '']]);
    expect(causesIn(copy)).toEqual([null]);
    for (const [name, a, b] of [
      ['boot-sector', 'a', 'b'],
      ['header', 'a', 'b'],
      ['backup', 'same', 'b'],
      ['backup', 'a', 'absent'],
    ] as const) {
      const own = found('filesystem-header', ['', ''], {
        ...{ kind, aspects, left: { [name]: a }, right: { [name]: b } },
      });
      expect(fold([own, uuid]).map((each) => each.impliedBy)).toEqual([undefined, undefined]);
    }
  });

  test('is the rest of a package of another version', () => {
    const version = found('package-version', [...IMAGE, 'usr/share/certs/version.txt']);
    const bundle = found('unknown', [...IMAGE, 'usr/share/certs/bundle.txt']);
    const status = found('unknown', [...IMAGE, 'var/lib/dpkg/status']);
    const foreign = found('unknown', [...IMAGE, 'usr/share/other/x']);
    const elsewhere = found('unknown', ['', '', 'boot.img', 'usr/share/certs/bundle.txt']);
    expect(causesIn(bundle, status, foreign, elsewhere, version)).toEqual([
      ...[version, version, null, null, null],
    ]);
    const rest = found('unknown', [...IMAGE, 'usr/share/certs/version.txt']);
    expect(causesIn(rest, version)).toEqual([null, null]);
    const times = { aspects: ['time'], left: { mtime: 1 }, right: { mtime: 2 } } as const;
    const age = found('unknown', [...IMAGE, 'usr/share/certs/version.txt'], times);
    const told = fold([age, version]).map((each) => [each.class, each.impliedBy]);
    expect(told).toEqual([
      ['package-version', undefined],
      ['unknown', version.difference.location],
    ]);
    const [any, all] = ['etc/version', 'opt/x/share/version.txt'].map((path) =>
      found('package-version', [...IMAGE, path]),
    );
    const files = ['etc/passwd', 'opt/x/share/run'].map((path) =>
      found('unknown', [...IMAGE, path]),
    );
    expect(causesIn(any!, all!, ...files)).toEqual([null, null, null, null]);
  });

  test.for<[name: string, path: string, isOfIt: boolean]>([
    ['libssl3', 'usr/lib/x86_64-linux-gnu/libssl.so.3', true],
    ['libssl3', 'usr/lib/x86_64-linux-gnu/libssl.so.3.0.2', true],
    ['libssl3', 'usr/lib/x86_64-linux-gnu/libssl3.so', true],
    ['libssl3', 'usr/lib/x86_64-linux-gnu/libssl3evil.so', false],
    ['libssl3', 'usr/lib/x86_64-linux-gnu/libssl.so.33', false],
    ['libssl3', 'usr/share/doc/libssl3/changelog.Debian.gz', true],
    ['libssl3', 'var/lib/dpkg/info/libssl3:amd64.md5sums', true],
    ['libssl3', 'var/lib/dpkg/info/libssl3-dev.md5sums', false],
    ['openssl', 'usr/bin/openssl', true],
    ['openssl', 'etc/openssl/openssl.cnf', true],
    ['openssl', 'home/openssl/.profile', false],
    ['bash', 'var/lib/dpkg/info/openssh-server.postinst', false],
    ['bash', 'var/lib/dpkg/info/bash.postinst', true],
    ['bash', 'usr/share/doc/bash/NEWS', true],
    ['bash', 'root/.bashrc', false],
    ['bash', 'root/bash/x', false],
    ['bash', 'var/log/evil.so', false],
    ['bash', 'var/lib/dpkg/status-old', true],
    ['bash', 'var/log/dpkg.log', true],
    ['python3', 'usr/bin/python3.10', false],
    ['share', 'usr/share/passwords', false],
    ['lib', 'usr/lib/evil.so', false],
  ])('of the package %s by its whole name: %s, %s', ([name, path, isOfIt]) => {
    const detail = `${name}: "5.1.1" on the left, "5.1.2" on the right`;
    const drift = found('package-version', [...IMAGE, STATUS], {}, { detail });
    const file = found('unknown', [...IMAGE, path]);
    expect(causesIn(file, drift)).toEqual([isOfIt ? drift : null, null]);
    // What a compressed file holds lies one level below.
    const inside = found('unknown', [...IMAGE, path, '']);
    expect(causesIn(inside, drift)).toEqual([isOfIt ? drift : null, null]);
  });

  test('is of no package by a name that any other text tells', () => {
    const detail = 'sudoers.d: "1.2.3" on the left, "1.2.4" on the right';
    const note = found('package-version', [...IMAGE, 'usr/share/notes'], {}, { detail });
    const [only, both] = [
      found('only-in-one', [...IMAGE, 'usr/share/sudoers.d/x'], {
        ...{ aspects: ['presence'], left: null, right: { mode: '0644' } },
      }),
      found('unknown', [...IMAGE, 'etc/sudoers.d/README']),
    ];
    expect(causesIn(only, both, note)).toEqual([null, null, null]);
  });

  test('is no program that only one side has', () => {
    const detail = 'bash: "5.1.1" on the left, "5.1.2" on the right';
    const drift = found('package-version', [...IMAGE, STATUS], {}, { detail });
    const alone = (mode?: string): Finding =>
      found('only-in-one', [...IMAGE, 'usr/share/doc/bash/x'], {
        ...{ aspects: ['presence'], left: null, right: mode === undefined ? {} : { mode } },
      });
    expect(['0644', '0755', undefined].map((mode) => causesIn(alone(mode), drift)[0])).toEqual([
      ...[drift, null, null],
    ]);
  });

  test('is nothing where two things could each follow from the other', () => {
    const [a, b] = [
      ['', 'a'],
      ['', 'b'],
    ];
    const one = found('embedded-hash', a, {}, { impliedBy: b });
    const other = found('embedded-hash', b, {}, { impliedBy: a });
    expect(fold([one, other])).toHaveLength(2);
  });

  test('keeps everything, whatever it is', () => {
    const all = [hostname, added, found('unknown', IMAGE), found('layout', [])];
    expect(fold(all)).toHaveLength(4);
    expect(fold([])).toEqual([]);
  });
});

describe('a pair of defects', () => {
  test('has two root causes', () => {
    const time = found('timestamp', [...IMAGE, 'etc/build-time']);
    expect(causesIn(hostname, time)).toEqual([null, null]);
  });
});

describe('what another artifact brings with it', () => {
  const inside = found('hostname', [
    '',
    '',
    'disk.img',
    'data',
    'host-os.img.tar.zst',
    '',
    'root.img',
  ]);
  const script = found('unknown', ['', '', 'disk.img', 'data', 'bin/install-hostos.sh']);

  test('names that artifact', () => {
    const [first, second] = foldArtifacts(
      [inside, script],
      ['guestos/update-img', 'hostos/update-img'],
    );
    expect(first?.impliedBy).toEqual(['hostos/update-img']);
    expect(first && isOfOtherArtifact(first)).toBe(true);
    expect(second?.impliedBy).toBeUndefined();
  });

  test('is a file of digests of it', () => {
    const measured = found('embedded-hash', ['']);
    expect(foldArtifacts([measured], ['guestos/update-img'])[0]?.impliedBy).toEqual([
      'guestos/update-img',
    ]);
  });

  test('is nothing where that artifact does not differ', () => {
    expect(foldArtifacts([inside], [])).toEqual([inside]);
  });
});

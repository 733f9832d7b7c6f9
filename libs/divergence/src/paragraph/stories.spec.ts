import { describe, expect, test } from 'vitest';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Finding } from '../difference.js';
import type { FactValue, Observation } from '../explanation.js';
import { explainArtifact, type SplitArtifact } from './explain-artifact.js';

type Facts = Readonly<Record<string, FactValue>>;

const COMMON: Facts = {
  'os.id': 'ubuntu',
  'user.umask': '022',
  'locale.collation': 'C.UTF-8',
  'cpu.count': 4,
};

function builder(name: string, cluster: string, facts: Facts = {}): Observation {
  return { builder: name, cluster, facts: { ...COMMON, ...facts } };
}

function found(kind: Finding['class'], path: string, detail: string): Finding {
  const difference = fileAt(path, { location: ['', '', 'root.img', path] });
  return { difference, class: kind, detail, seenFacts: [] };
}

/** One to four sentences: a full stop before a capital letter or the end. */
function sentencesOf(text: string): number {
  return text.match(/\.(?= [A-Z]|$)/g)?.length ?? 0;
}

describe('the split of 2, 1, 1, 1', () => {
  const version = (a: string, b: string): Finding =>
    found(
      'package-version',
      'usr/share/ca-certificates/version.txt',
      `"${a}" on the left, "${b}" on the right`,
    );
  const observations = ['21a60', '21a60', '3c4d5', '7e8f9', 'a0b1c'].map((cluster, index) =>
    builder(['ann', 'bea', 'carl', 'dora', 'emil'][index] ?? '', cluster),
  );
  const explanation = explainArtifact({
    ...{ artifact: 'hostos/update-img', observations },
    comparisons: ['3c4d5', '7e8f9', 'a0b1c'].map((right, index) => ({
      ...{ left: '21a60', right },
      findings: [version('2025.08.10', `2025.08.1${index + 1}`)],
    })),
  });

  test('is explained by packages that drifted', () => {
    expect(explanation).toMatchObject({
      ...{ conclusion: 'explained', next: null },
      suspicions: [{ cause: 'package-drift', grounds: 'trace' }],
    });
    expect(explanation.clusters.map(({ builders }) => builders.length)).toEqual([2, 1, 1, 1]);
  });

  test('reads as a voter can understand it', () => {
    expect(explanation.paragraph).toBe(
      '5 builders built hostos/update-img and got 4 different results (2-1-1-1). ' +
        'They differ because packages of other versions were installed, as their archive had newer ones by then: ' +
        'it is seen in root.img › usr/share/ca-certificates/version.txt. ' +
        'What mends it: pin every package by version and digest, or install from a snapshot of the archive.',
    );
  });
});

describe('what several comparisons show', () => {
  const drift = (name: string, version: string): Finding =>
    found(
      'package-version',
      'var/lib/dpkg/status',
      `${name}: "1" on the left, "${version}" on the right`,
    );
  const jobs = { ...found('unknown', 'etc/x', 'jobs'), seenFacts: ['cpu.count'] };
  const explanation = explainArtifact({
    artifact: 'guestos/update-img',
    observations: ['L', 'M', 'R'].map((cluster) => builder(cluster, cluster)),
    comparisons: [
      { left: 'L', right: 'M', findings: [drift('bash', '2'), drift('openssl', '2'), jobs] },
      {
        ...{ left: 'L', right: 'R' },
        findings: [drift('bash', '3'), drift('zlib1g', '3'), found('unknown', 'etc/x', 'other')],
      },
    ],
  });

  test('is told once of each package, and once with and once without a fact', () => {
    expect(explanation.findings.map(({ detail }) => detail.split(' ')[0])).toEqual([
      ...['bash:', 'openssl:', 'jobs', 'zlib1g:', 'other'],
    ]);
  });
});

test('what is a root cause in one comparison is told as one, whatever it is in another', () => {
  const root = found('unknown', 'etc/x', 'x');
  const implied = { ...root, impliedBy: ['', '', 'root.img', 'etc'] };
  const explanation = explainArtifact({
    artifact: 'guestos/update-img',
    observations: ['L', 'M', 'R'].map((cluster) => builder(cluster, cluster)),
    comparisons: [
      { left: 'L', right: 'M', findings: [implied] },
      { left: 'L', right: 'R', findings: [root] },
    ],
  });
  expect(explanation.findings).toEqual([root]);
});

describe('the builder under WSL', () => {
  const others = ['ann', 'bea', 'carl', 'dora'].map((name) =>
    builder(name, 'good', { 'temp.block-size': 4096, 'temp.filesystem': 'tmpfs', 'os.wsl': null }),
  );
  const odd = builder('emil', 'odd', {
    ...{ 'temp.block-size': 1024, 'temp.filesystem': 'ext4', 'os.wsl': '2' },
  });
  const holes: Finding = {
    ...found('hole-map', '', 'holes: "a" on the left, "b" on the right'),
    difference: {
      ...fileAt('', { location: ['', '', 'root.img'], aspects: ['holes'] }),
      ...{ left: { holes: 'a' }, right: { holes: 'b' } },
    },
  };
  const explanation = explainArtifact({
    ...{ artifact: 'guestos/update-img', observations: [...others, odd] },
    comparisons: [{ left: 'good', right: 'odd', findings: [holes] }],
  });

  test('is explained by the blocks of its temp filesystem', () => {
    expect(explanation).toMatchObject({
      conclusion: 'explained',
      suspicions: [{ cause: 'hole-map', facts: ['temp.block-size', 'temp.filesystem'] }],
    });
  });

  test('reads as a voter can understand it', () => {
    expect(explanation.paragraph).toBe(
      '5 builders built guestos/update-img and got 2 different results (4-1). ' +
        'They differ because the temp filesystem told where the holes of an image are, by blocks of its own size: ' +
        'it is seen in root.img. ' +
        'The block size of the temp filesystem is 4096 for ann, bea, carl and dora and 1024 for emil. ' +
        'What mends it: find holes by their zeros (tar --hole-detection=raw), or build where blocks have 4096 bytes.',
    );
  });
});

describe('a paragraph', () => {
  const observations = [
    ...['ann', 'bea', 'carl'].map((name) => builder(name, 'L', { 'temp.filesystem': 'ext4' })),
    ...['dora', 'emil'].map((name) =>
      builder(name, 'R', { 'temp.filesystem': 'tmpfs', 'locale.collation': 'de_CH.UTF-8' }),
    ),
  ];
  const tell = (findings: readonly Finding[], more: Partial<SplitArtifact> = {}): string =>
    explainArtifact({
      ...{ artifact: 'setupos/disk-img', observations },
      comparisons: findings.length === 0 ? [] : [{ left: 'L', right: 'R', findings }],
      ...more,
    }).paragraph;

  test('says unexplained when that is the truth, and what comes next', () => {
    const text = tell([
      found('unknown', 'etc/limits.conf', '"1024" on the left, "4096" on the right'),
    ]);
    expect(text).toContain('Why is unexplained: what differs is in root.img › etc/limits.conf');
    expect(text).toContain('Next: ');
    expect(tell([])).toContain('Why is unexplained: no bytes could be compared');
  });

  test('names all that is possible where several things are', () => {
    const text = tell([found('ordering', 'opt/files.txt', 'x')]);
    expect(text).toContain(
      'by the rules of the builder’s language or files were taken in the order',
    );
    expect(text).toContain('What would tell them apart: ');
  });

  test('says on what other artifact one depends', () => {
    const location = [
      '',
      '',
      'disk.img',
      'data',
      'host-os.img.tar.zst',
      '',
      '',
      'root.img',
      'etc/x',
    ];
    const inside = {
      ...found('timestamp', 'etc/x', 'x'),
      difference: fileAt('etc/x', { location }),
    };
    const impliedBy = ['hostos/update-img'];
    expect(tell([inside], { impliedBy })).toContain(
      'It depends on hostos/update-img, which differs itself, and nothing else in it differs. There, the time of the build',
    );
  });

  test('concludes of what another artifact brings as that one’s explanation does', () => {
    const location = [
      '',
      '',
      'disk.img',
      'data',
      'host-os.img.tar.zst',
      '',
      '',
      'root.img',
      'etc/x',
    ];
    const inside = { ...found('unknown', 'etc/x', 'x'), difference: fileAt('etc/x', { location }) };
    const hostos = explainArtifact({
      ...{ artifact: 'hostos/update-img', observations },
      comparisons: [{ left: 'L', right: 'R', findings: [found('hole-map', 'x', 'x')] }],
    });
    const setupos = explainArtifact({
      ...{ artifact: 'setupos/disk-img', observations, impliedBy: ['hostos/update-img'] },
      ...{ comparisons: [{ left: 'L', right: 'R', findings: [inside] }], embedded: [hostos] },
    });
    expect([setupos.conclusion, setupos.suspicions]).toEqual([
      hostos.conclusion,
      hostos.suspicions,
    ]);
    expect(setupos.conclusion).toBe('explained');
  });

  test('says of how many results the bytes were seen, and explains no others', () => {
    const eight = Array.from({ length: 8 }, (_, at) => builder(`b${at}`, `c${at}`));
    const findings = [found('timestamp', 'etc/stamp', 'x')];
    const comparisons = [{ left: 'c0', right: 'c3', findings }];
    const text = tell([], { observations: eight, comparisons });
    expect(text).toContain('8 different results (1-1-1-1-1-1-1-1), of which the bytes of 2 were');
    expect(text).toContain('Those 2 differ because the time of the build');
  });

  test('says what was not looked at, and not that nothing accounts for it', () => {
    const unseen = ['file', 'file', 'part'] as const;
    const findings = unseen.map((notLookedAt, at) => ({
      ...found('unknown', `bin/${at}`, 'x'),
      notLookedAt,
    }));
    const comparisons = [{ left: 'L', right: 'R', findings, untold: 40, truncated: true }];
    const text = tell([], { comparisons });
    expect(text).toContain(
      'not all that differs was looked at: 2 files, parts of 1 file, 40 further differences and places in which more may differ.',
    );
    expect(text).not.toContain('accounts for it');
  });

  test('names first what nobody can name, however much else differs', () => {
    const times = Array.from({ length: 400 }, (_, at) => found('timestamp', `usr/bin/${at}`, 'x'));
    const text = tell([...times, found('unknown', 'usr/sbin/sshd', 'x')]);
    expect(text).toContain('what differs is in root.img › usr/sbin/sshd, root.img › usr/bin/0');
    expect(text).toContain('nothing that is known of the builders accounts for it');
  });

  test('claims no more than was seen where numbers alone explain it', () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      builder(`b${at}`, at < 10 ? 'L' : 'R', { 'user.umask': at < 10 ? '022' : '077' }),
    );
    const part = { ...found('unknown', 'bin/x', 'x'), notLookedAt: 'part' } as const;
    expect(tell([], { observations: many })).toContain('though no bytes were compared');
    expect(tell([part], { observations: many })).toContain(
      'though no bytes show it, and not all were looked at: parts of 1 file',
    );
    const both = tell([found('timestamp', 'x', 'x'), part], { observations: many });
    expect(both).toContain('and in a part of the bytes it is seen that the time of the build');
  });

  test('does not say that nothing else differs where nobody looked', () => {
    const location = ['', '', 'host-os.img.tar.zst', '', 'root.img', 'etc/x'];
    const inside = { ...found('timestamp', 'x', 'x'), difference: fileAt('x', { location }) };
    const comparisons = [{ left: 'L', right: 'R', findings: [inside], truncated: true }];
    const text = tell([], { impliedBy: ['hostos/update-img'], comparisons });
    expect(text).not.toContain('nothing else');
    expect(text).toContain('places in which more may differ');
  });

  test('has one to four sentences, none of them a stranger’s', () => {
    const evil = '\u202e'.repeat(5000);
    for (const kind of ['unknown', 'ordering', 'timestamp', 'package-version'] as const) {
      const text = tell([found(kind, `etc/${evil}`, evil)], {
        impliedBy: ['hostos/update-img', evil],
      });
      expect(sentencesOf(text)).toBeGreaterThan(0);
      expect(sentencesOf(text)).toBeLessThanOrEqual(4);
      expect(text.length).toBeLessThan(2500);
      expect(text).not.toContain('\u202e');
    }
  });

  test('calls builders by the names that readers know', () => {
    const holes = found('mode-owner', 'x', 'x');
    const [left, right] = [{ mode: '0644' }, { mode: '0600' }];
    const difference = { ...holes.difference, aspects: ['mode'] as const, left, right };
    const masked = observations.map((each) => ({
      ...each,
      facts: { 'user.umask': each.cluster === 'L' ? '022' : '077' },
    }));
    const names = { dora: 'Dora Example' };
    expect(tell([{ ...holes, difference }], { observations: masked, names })).toContain(
      'The umask is 022 for ann, bea and carl and 077 for Dora Example and emil.',
    );
  });
});

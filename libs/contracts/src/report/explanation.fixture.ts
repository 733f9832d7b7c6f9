import type { ExplanationReport, FindingReport } from './explanation.js';
import { HOST, seedSplit, SETUP, troubled } from './report.fixture.js';
import type { Report } from './report.js';

type Cluster = ExplanationReport['clusters'][number];

const PACKAGES = ['', 'root.img', 'var/lib/dpkg/status'];
const DIFF = `--- left
+++ right
@@ -1,3 +1,3 @@
 Package: libssl3
-Version: 3.0.2-0ubuntu1.18
+Version: 3.0.2-0ubuntu1.19
 Architecture: amd64
`;

const status: FindingReport = {
  difference: {
    location: PACKAGES,
    kind: 'file',
    aspects: ['content', 'size'],
    left: { size: 81_223, content: 'aa'.repeat(32) },
    right: { size: 81_224, content: 'bb'.repeat(32) },
  },
  class: 'package-version',
  detail: 'libssl3 3.0.2-0ubuntu1.18 and 3.0.2-0ubuntu1.19',
  diff: DIFF,
  seenFacts: [],
};

const verity: FindingReport = {
  difference: {
    location: ['', 'boot.img', 'extra_boot_args'],
    kind: 'file',
    aspects: ['content'],
    left: { content: 'cc'.repeat(32) },
    right: { content: 'dd'.repeat(32) },
  },
  class: 'embedded-hash',
  detail: 'root_hash names the digest of root.img',
  bytes: { offset: 4096, left: '726f6f743d00cc'.repeat(3), right: '726f6f743d00dd'.repeat(3) },
  seenFacts: [],
  impliedBy: PACKAGES,
};

function explanationOf(artifact: string, clusters: Cluster[]): ExplanationReport {
  const [first, ...others] = clusters.map(({ builders }) => builders[0] ?? '');
  return {
    artifact,
    clusters,
    factsTried: 48,
    separators: [
      {
        facts: [
          {
            name: 'container.image-origin',
            values: clusters.map((_, at) => [at === 0 ? 'pulled' : 'built']),
          },
          {
            name: 'container.image-digest',
            values: clusters.map((_, at) => [`sha256:${'0123456789'.charAt(at)}`]),
          },
        ],
        pValue: 0.1,
        correctedP: 1,
        isPerfect: true,
        trivial: false,
        missing: 1,
        rounds: 2,
      },
      {
        facts: [{ name: 'machine.hostname', values: clusters.map(() => [null]) }],
        pValue: 0.0001,
        correctedP: 0.004,
        isPerfect: false,
        trivial: true,
        missing: 0,
        rounds: 1,
      },
    ],
    findings: [status, verity],
    suspicions: [
      {
        cause: 'package-drift',
        facts: ['container.image-origin'],
        grounds: 'trace',
        because: 'versions of packages differ, and images were built locally.',
        remedy: 'pull the image that the commit names.',
      },
    ],
    conclusion: 'explained',
    next: {
      builder: others[0] ?? '',
      change: { fact: 'container.image-origin', from: 'built', to: 'pulled' },
      text: 'let carol build once more with the image pulled.',
    },
    paragraph:
      'The builders did not install the same packages: libssl3 is 3.0.2-0ubuntu1.18 for alice and bob, and newer for the others.',
    compared: others.map((right) => ({ left: first ?? '', right })),
    unseen: [],
    firstAffected: {
      round: 'ee'.repeat(32),
      release: `ic/${'12'.repeat(20)}`,
      openedAt: '2025-12-01T00:00:00.000Z',
    },
  };
}

function clustersOf(report: Report, artifact: string): Cluster[] {
  const found = report.artifacts.find(({ name }) => name === artifact)?.clusters ?? [];
  return found.map(({ digest, builders }) => ({ digest, builders }));
}

/** The seed's split, explained by packages that drifted; facts of the machines differ accordingly. */
export function explained(): Report {
  const report = seedSplit();
  return {
    ...report,
    builders: report.builders.map((builder, at) => ({
      ...builder,
      environment: {
        source: 'measured',
        facts: {
          'os.name': 'Debian GNU/Linux 12',
          'build.command': './ci/container/build-ic.sh --icos',
          'container.image-origin': at < 2 ? 'pulled' : 'built',
          'locale.lang': at < 2 ? 'C.UTF-8' : 'de_DE.UTF-8',
          'user.umask': at < 4 ? '0022' : '0077',
          'temp.block-size': at < 3 ? 4096 : 1024,
        },
        withheld: [],
      },
    })),
    explanations: [HOST, SETUP].map((name) => explanationOf(name, clustersOf(report, name))),
  };
}

/** A round that split with no bytes at hand, while other builds failed. */
export function unexplained(): Report {
  const report = troubled();
  const [artifact] = report.artifacts;
  const clusters = clustersOf(seedSplit(), HOST).slice(0, 2);
  return {
    ...report,
    explanations: [
      {
        ...explanationOf(artifact?.name ?? HOST, clusters),
        separators: [],
        findings: [],
        suspicions: [],
        conclusion: 'unexplained',
        next: null,
        compared: [],
        unseen: clusters.map(({ digest }) => digest),
        firstAffected: null,
        paragraph: 'Why they differ is not known: no builder could be asked for its bytes yet.',
      },
    ],
    failureGroups: [
      {
        stage: 'build',
        class: 'out-of-space',
        pattern: 'out-of-space',
        operators: ['carol'],
        builders: ['carol-aaaaa-bbbbb-ccccc'],
        line: 'tar: No space left on device',
        explanation: 'The temp filesystem was full.',
        remedy: 'Give it 100 GB.',
        source: 'https://forum.dfinity.org/t/12305',
      },
    ],
  };
}

import type { ArtifactReport, PublishedReport, Report } from '#libs/contracts';
import { letterOf, plain } from '#libs/contracts';

/** One place that says which digest an artifact has. */
export interface HashRow {
  readonly key: string;
  readonly source: string;
  /** Which of them: a host, a letter, who read it. Safe to print. */
  readonly note: string;
  readonly digest: string | null;
  /** `same` and `other` are against the `reference`: what is expected, else cluster A. */
  readonly mark: 'reference' | 'same' | 'other' | 'none';
}

const SOURCES: Readonly<Record<PublishedReport['source'], string>> = {
  'cdn-sums': 'CDN lists',
  'cdn-bytes': 'CDN serves',
  'proposal-url': 'Proposal’s URL serves',
};

type BareRow = Omit<HashRow, 'mark'>;

/**
 * Puts beneath each other what the proposal names, what is published, and what was built; no rows where
 * no digest is known at all.
 */
export function hashRows(report: Report, artifact: ArtifactReport): readonly HashRow[] {
  const named = report.release?.artifacts.find(({ name }) => name === artifact.name)?.expected;
  const reference = artifact.expected ?? artifact.clusters[0]?.digest ?? null;
  const rows: BareRow[] = [];
  if (report.proposal !== null) {
    rows.push({
      key: 'proposal',
      source: 'Proposal names',
      note: named == null ? 'no digest of this artifact' : '',
      digest: named ?? null,
    });
  }
  rows.push(...publishedRows(report.published, artifact.name));
  if (artifact.expected !== null && !rows.some(({ digest }) => digest === artifact.expected)) {
    const note = 'as the builders read it';
    rows.push({ key: 'published', source: 'Published', note, digest: artifact.expected });
  }
  rows.push(...builtRows(artifact));
  const first = rows.findIndex(({ digest }) => digest !== null && digest === reference);
  return first === -1
    ? []
    : rows.map((row, at) => ({
        ...row,
        mark: at === first ? 'reference' : markOf(row.digest, reference),
      }));
}

function markOf(digest: string | null, reference: string | null): HashRow['mark'] {
  if (digest === null) return 'none';
  return digest === reference ? 'same' : 'other';
}

function publishedRows(published: readonly PublishedReport[], name: string): BareRow[] {
  return published
    .filter(({ artifact }) => artifact === name)
    .flatMap(({ source, url, readings }) =>
      readings.map(({ sha256, error, builders }, at) => ({
        key: `${source} ${url} ${at}`,
        source: SOURCES[source],
        note: `${hostOf(url)}, read by ${counted(builders.length, 'builder')}${error === null ? '' : `: ${plain(error, 120)}`}`,
        digest: sha256,
      })),
    );
}

function builtRows({ clusters }: ArtifactReport): BareRow[] {
  return clusters.map(({ digest, operators }, at) => ({
    key: `built ${digest}`,
    source: 'Built',
    note: `cluster ${letterOf(at)}, ${counted(operators.length, 'operator')}`,
    digest,
  }));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The host of an address, which tells more than its path; what is no address is shown as it is. */
function hostOf(url: string): string {
  return plain(URL.canParse(url) ? new URL(url).host : url, 80);
}

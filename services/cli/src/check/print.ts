import { plain, shortDigest, type CheckComparison, type CheckReport } from '#libs/contracts';
import { titleOf } from './components.js';
import { adviceFor } from './advice.js';
import { logLine, type Level } from './log.js';

const MAX_SIDE_CHARACTERS = 400;

/** Draws a report for a terminal, in the order in which repro-check tells it. */
export function checkTerminal(report: CheckReport): string {
  const lines = [
    ...proposalLines(report),
    ...report.comparisons.filter(isOfPublished).map(comparisonLine),
    ...provenanceLines(report),
    ...report.artifacts.map((artifact) =>
      report.outcome === 'built' ? builtLine(artifact) : verdictLine(report, artifact),
    ),
    ...buildLines(report),
    ...adviceFor(report).map((advice) => logLine('warning', advice)),
    logLine('info', `Total time: ${duration(report.durationMs)}`),
    logLine(...conclusion(report)),
  ];
  return `${lines.join('\n')}\n`;
}

function proposalLines({ proposal }: CheckReport): string[] {
  if (proposal === null) return [];
  const { id, title, certifiedAt, elects, dashboard } = proposal;
  const lines = [
    logLine('info', `Proposal ${id}: ${plain(title, MAX_SIDE_CHARACTERS)}`),
    logLine('info', `Certified by the NNS subnet at ${certifiedAt}.`),
    ...(elects === null
      ? []
      : [logLine('info', `It elects ${titleOf(elects.artifact)} with sha256 ${elects.sha256}`)]),
  ];
  switch (dashboard.state) {
    case 'agrees':
      return [...lines, logLine('info', 'The dashboard shows the same.')];
    case 'differs':
      return [
        ...lines,
        logLine(
          'warning',
          [
            'The dashboard, for which nobody signs, shows something else. What is certified was checked.',
            ...dashboard.differences.flatMap(({ field, certified, shown }) => [
              `${field}: certified ${plain(certified, MAX_SIDE_CHARACTERS)}`,
              `${' '.repeat(field.length)}  shown     ${plain(shown, MAX_SIDE_CHARACTERS)}`,
            ]),
          ].join('\n'),
        ),
      ];
    case 'no-answer':
      return [
        ...lines,
        logLine('warning', `The dashboard was not compared: ${dashboard.error ?? 'no answer'}`),
      ];
    case 'not-asked':
      return lines;
  }
}

const SENTENCES: Readonly<
  Record<CheckComparison['id'], (title: string) => readonly [same: string, other: string]>
> = {
  'proposal-url': () => [
    "The proposal's artifact and hash match",
    "A URL of the proposal serves other bytes than the proposal's hash",
  ],
  'proposal-sums': (title) => [
    `${title}: sha256 of proposal and CDN match`,
    `${title}: sha256 of proposal and CDN differ`,
  ],
  'cdn-bytes': (title) => [
    `${title}: the CDN's bytes and its SHA256SUMS match`,
    `${title}: the CDN's bytes and its SHA256SUMS differ`,
  ],
  cdns: (title) => [`${title}: both CDNs serve the same`, `${title}: the CDNs differ`],
  'proposal-measurements': () => [
    'GuestOS launch measurements of proposal and CDN match',
    'GuestOS launch measurements of proposal and CDN differ',
  ],
  'cdn-measurements': () => [
    'GuestOS launch measurements of both CDNs match',
    'GuestOS launch measurements of the CDNs differ',
  ],
  'local-measurements': () => [
    'GuestOS launch measurements built here match',
    'GuestOS launch measurements built here differ',
  ],
  'local-sums': (title) => [
    `${title}: built here as published`,
    `${title}: built here, and other than published`,
  ],
  'local-proposal': (title) => [
    `${title}: built here as elected`,
    `${title}: built here, and other than elected`,
  ],
  'proposal-urls': () => [
    '',
    'The proposal lists more than one URL on one host: when it fails, all fail',
  ],
};

function isOfPublished({ id }: CheckComparison): boolean {
  return id !== 'local-sums' && id !== 'local-proposal';
}

function comparisonLine({ id, artifact, state, sides }: CheckComparison): string {
  const [same, other] = SENTENCES[id](titleOf(artifact));
  const details = sides.map(
    ({ where, value, error }) =>
      `${plain(where, MAX_SIDE_CHARACTERS)}: ${plain(value ?? error ?? '?', MAX_SIDE_CHARACTERS)}`,
  );
  switch (state) {
    case 'passed':
      return logLine('info', `${same}${hostsOf(sides)}.`);
    case 'failed':
      return logLine('error', [`${other}:`, ...details].join('\n'));
    case 'undecided':
      return logLine('warning', ['Could not be compared:', ...details].join('\n'));
    case 'noted':
      return logLine('warning', [id === 'proposal-urls' ? other : 'Noted:', ...details].join('\n'));
  }
}

/** Which host of several a comparison is about. */
function hostsOf(sides: CheckComparison['sides']): string {
  const hosts = sides.flatMap(({ where }) => (URL.canParse(where) ? [new URL(where).host] : []));
  return hosts.length === 0 ? '' : ` (${[...new Set(hosts)].join(', ')})`;
}

function provenanceLines({ provenance }: CheckReport): string[] {
  return provenance.map(({ path, state, reason }) => {
    switch (state) {
      case 'confirmed':
        return logLine('info', `Build provenance of ${path} is confirmed: ${reason ?? ''}`);
      case 'refused':
        return logLine('error', `Build provenance of ${path} is refused: ${reason ?? ''}`);
      case 'absent':
        return logLine('info', `No build provenance of ${path}: there was none at that time.`);
      case 'not-checked':
        return logLine('info', `Build provenance of ${path} was not checked: no bundle was given.`);
    }
  });
}

function verdictLine(
  { build }: CheckReport,
  { name, verdict, local, expected }: CheckReport['artifacts'][number],
): string {
  const title = titleOf(name);
  const hashes = [`Local  = ${local ?? 'not built'}`, `Remote = ${expected ?? 'not known'}`];
  switch (verdict) {
    case 'reproduced':
      return logLine('info', [`Verification successful for ${title}!`, ...hashes].join('\n'));
    case 'mismatch':
      return logLine(
        'error',
        [`${title} does not match: this build gave other bytes.`, ...hashes].join('\n'),
      );
    case 'inconsistent':
      return logLine(
        'error',
        [`${title} cannot be trusted as published: see the differences above.`, ...hashes].join(
          '\n',
        ),
      );
    case 'undecided':
      return logLine(
        'warning',
        [
          `${title} is undecided${build.state === 'failed' ? ': the build failed' : ''}.`,
          ...hashes,
        ].join('\n'),
      );
  }
}

function builtLine({ name, local }: CheckReport['artifacts'][number]): string {
  return logLine('info', `${titleOf(name)} was built:\nLocal  = ${local ?? 'not built'}`);
}

function buildLines({ build }: CheckReport): string[] {
  if (build.state !== 'failed') return [];
  const { stage, class: failureClass, message, log } = build;
  return [
    logLine(
      'error',
      [
        `The ${stage ?? 'build'} failed (${failureClass ?? 'unknown'}). That is no mismatch.`,
        message ?? '',
        ...(log === null ? [] : [`log: ${log}`]),
      ].join('\n'),
    ),
  ];
}

function conclusion(report: CheckReport): readonly [Level, string] {
  const { outcome, commit, exitCode, artifacts } = report;
  const release = shortDigest(commit);
  switch (outcome) {
    case 'reproduced': {
      // Who asked for one image and posts this line must not seem to speak of the others.
      const what = sentenceOf(artifacts.map(({ name }) => titleOf(name)));
      return ['info', `Release ${release}: ${what} on this machine.`];
    }
    case 'not-reproduced':
      return ['error', `Release ${release} does NOT reproduce on this machine (exit ${exitCode}).`];
    case 'undecided':
      return [
        'warning',
        `Release ${release} is undecided: not everything could be seen or built (exit ${exitCode}).`,
      ];
    case 'built':
      return ['info', `Release ${release} was built, and compared with nothing.`];
    case 'bad-evidence':
      return ['error', `The evidence for release ${release} is bad (exit ${exitCode}).`];
  }
}

function sentenceOf(titles: readonly string[]): string {
  const last = titles.at(-1) ?? '';
  const others = titles.slice(0, -1).join(', ');
  return others === '' ? `${last} reproduces` : `${others} and ${last} reproduce`;
}

function duration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  return `${Math.floor(seconds / 3600)}h ${Math.floor(seconds / 60) % 60}m ${seconds % 60}s`;
}

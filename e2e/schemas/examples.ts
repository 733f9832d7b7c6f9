import {
  armor,
  envelopeDigest,
  openEnvelope,
  Release,
  roundIdOf,
  unverifiedPayload,
  type Envelope,
} from '#libs/attestation';
import { parseThreshold } from '#libs/consensus';
import {
  headlineOf,
  workOf,
  type BuilderReport,
  type Report,
  type RosterFile,
} from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { declaredEnvironment } from '../../services/cli/src/attest/environment.js';
import { VERSION } from '../../services/cli/src/version.js';
import { readRoster } from '../../services/cli/src/tally/roster.js';
import { tally } from '../../services/cli/src/tally/tally.js';
import { TallyOutput } from '../../services/cli/src/tally/tally-output.js';
import { attestationsIn } from '../../services/cli/src/tally/attestation-texts.js';
import { built, digest, maker, roundOf } from '../cli/makers.js';

const COMMIT = '2f844c50774d9d6a1b0fe01dd1b4ea4c3f5b2e0a';
const OPENED_AT = '2026-01-01T00:00:00Z';
const CLOSED_AT = '2026-01-01T03:00:00Z';

/** What the machine was like, as a builder may tell it. */
const environment = {
  os: { name: 'Debian GNU/Linux', version: '12', wsl: false },
  kernel: '6.1.0-37-amd64',
  cpus: 16,
  memoryGiB: 64,
  temp: { type: 'tmpfs', blockSize: 4096 },
  containerEngine: ['podman', '4.3.1'],
};

const release: Release = Release.parse({
  name: `ic/${COMMIT}`,
  source: { uri: 'https://github.com/dfinity/ic', digest: { gitCommit: COMMIT } },
  artifacts: [
    {
      name: 'guestos/update-img',
      path: 'guest-os/update-img/update-img.tar.zst',
      expected: sha256('GuestOS'),
      elected: true,
    },
    {
      name: 'setupos/disk-img',
      path: 'setup-os/disk-img/disk-img.tar.zst',
      expected: sha256('SetupOS'),
      embeds: ['guestos/update-img'],
    },
  ],
});

const roster: RosterFile = {
  operators: [
    { operator: 'ann', name: 'Ann of Example Labs', builders: [keyOf('ann')] },
    { operator: 'ben', builders: [keyOf('ben')] },
    { operator: 'cem', builders: [keyOf('cem'), keyOf('cem-wsl')] },
  ],
};

const round = roundOf(release, { ann: ['ann'], ben: ['ben'], cem: ['cem', 'cem-wsl'] });
const head = {
  round: roundIdOf(unverifiedPayload(round)),
  agentVersion: `repro-quorum attest ${VERSION}`,
  agentDigest: digest('repro-quorum.mjs'),
  environment: declaredEnvironment('environment.json', environment),
};
const guestos = { 'guestos/update-img': 'GuestOS' };
const ann = built('ann', release, { ...guestos, 'setupos/disk-img': 'SetupOS' }, head);
const ben = built('ben', release, { ...guestos, 'setupos/disk-img': 'SetupOS, but later' }, head);

const post = `ben wrote:

> GuestOS is fine here, SetupOS differs. My attestation:
>
${armor(ben).trimEnd().replace(/^/gm, '> ')}

Mine follows tonight.
`;

/** The documented examples by file name: all of one release, and all of them real. */
export const examples = {
  'release.json': release,
  'roster.json': roster,
  'environment.json': environment,
  'statement.json': payloadOf(ann, 'ann'),
  'attestation.json': ann,
  'post.txt': post,
  'round-open.json': payloadOf(round, 'coordinator'),
  'round.json': round,
  'tally.json': tallied(),
  'report.json': report(),
} as const;

function keyOf(name: string): { builder: string; publicKey: string } {
  const { id, publicKey } = maker(name);
  return { builder: id, publicKey: toBase64(publicKey) };
}

function payloadOf(envelope: Envelope, signer: string): unknown {
  const payload = openEnvelope(envelope, maker(signer).publicKey);
  return JSON.parse(Buffer.from(payload).toString('utf8'));
}

function tallied(): TallyOutput {
  const found = Object.entries({ 'attestation.json': JSON.stringify(ann), 'post.txt': post });
  const items = found.flatMap(([file, text]) =>
    attestationsIn(text).map((item) => ({ file, ...item })),
  );
  const result = tally(release, readRoster(roster), parseThreshold('2/3'), items);
  return TallyOutput.parse({
    ...{ release: release.name, threshold: '2/3', needed: 2, eligible: 3 },
    ...result,
  });
}

function report(): Report {
  const body: Omit<Report, 'headline' | 'schema'> = {
    kind: 'round',
    proposal: {
      id: '138000',
      title: 'Elect new IC/GuestOS revision (commit 2f844c50)',
      nnsFunction: 38,
      payloadSha256: sha256('payload'),
      deadlineAt: '2026-01-05T00:00:00Z',
      urls: ['https://download.dfinity.systems/ic/2f844c50/guest-os/update-img/update-img.tar.zst'],
      unelects: [],
    },
    deployment: null,
    release,
    round: {
      round: roundIdOf(unverifiedPayload(round)),
      ...{ phase: 'final', blind: true, threshold: '2/3', needed: 2, eligible: 3 },
      ...{ openedAt: OPENED_AT, closesAt: '2026-01-02T00:00:00Z', closedAt: CLOSED_AT },
      ...{ closeReason: 'deadline', decidedAt: '2026-01-01T03:00:10Z' },
      ...{ openIndex: 0, closeIndex: 3, verdictIndex: 6 },
    },
    artifacts: tallied().artifacts,
    work: workOf(tallied().artifacts),
    builders: [
      builderReport('ann', 'ann', ann),
      builderReport('ben', 'ben', ben),
      builderReport('cem', 'cem', null),
      builderReport('cem', 'cem-wsl', null),
    ],
    published: [],
    otherRounds: [],
    log: null,
  };
  return {
    schema: 'https://repro-quorum.dev/ns/report/v1',
    headline: headlineOf(body),
    ...body,
  };
}

function builderReport(operator: string, name: string, said: Envelope | null): BuilderReport {
  const isThere = said !== null;
  return {
    ...{ operator, builder: maker(name).id, state: isThere ? 'built' : 'absent' },
    ...{ stage: null, percent: null, failure: null },
    commitIndex: isThere ? (name === 'ann' ? 1 : 2) : null,
    resultIndex: isThere ? (name === 'ann' ? 4 : 5) : null,
    attestation: isThere ? envelopeDigest(said) : null,
    startedAt: isThere ? OPENED_AT : null,
    finishedAt: isThere ? CLOSED_AT : null,
    environment: isThere ? { source: 'measured', facts: { 'os.wsl': false }, withheld: [] } : null,
  };
}

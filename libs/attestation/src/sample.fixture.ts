import { sha256, toBase64 } from '#libs/encoding';
import type { Commit } from './commit.js';
import type { Decline } from './decline.js';
import type { Release } from './release.js';
import type { Result, ResultHead } from './result.js';
import type { RoundClose } from './round-close.js';
import type { RoundOpen } from './round-open.js';
import { createSigner, type Signer } from './signer.js';
import type { VerdictSummary } from './verdict-statement.js';

/** A signer whose seed is one byte 32 times: the same key in every run. */
export function sampleSigner(byte: number): Signer {
  return createSigner(new Uint8Array(32).fill(byte));
}

export const ALICE = sampleSigner(1);
export const BOB = sampleSigner(2);
export const COORDINATOR = sampleSigner(9);

const COMMIT_ID = '35bfcadd0f2a474057e42393917b8b3ac269627a';
const bytes32 = (byte: number): string => toBase64(new Uint8Array(32).fill(byte));

/** A release of IC-OS with an elected GuestOS and an advisory HostOS. */
export const RELEASE: Release = {
  name: `ic/${COMMIT_ID}`,
  source: { uri: 'https://github.com/dfinity/ic', digest: { gitCommit: COMMIT_ID } },
  artifacts: [
    {
      name: 'guestos/update-img',
      path: 'guest-os/update-img/update-img.tar.zst',
      expected: sha256('guestos'),
      elected: true,
      embeds: [],
    },
    {
      name: 'hostos/update-img',
      path: 'host-os/update-img/update-img.tar.zst',
      expected: null,
      elected: false,
      embeds: [],
    },
  ],
};

/** A round on {@link RELEASE} between two operators. */
export const ROUND_OPEN: RoundOpen = {
  openedAt: '2026-01-02T03:04:05.000Z',
  closesAt: '2026-01-03T03:04:05.000Z',
  revealSeconds: 3600,
  blind: true,
  threshold: '2',
  release: RELEASE,
  proposal: {
    id: '138000',
    nnsFunction: 38,
    payloadSha256: sha256('payload'),
    evidenceSha256: sha256('evidence'),
  },
  urls: [`https://download.dfinity.systems/ic/${COMMIT_ID}/guest-os/update-img/update-img.tar.zst`],
  roster: [
    { operator: 'alice', builders: [{ builder: ALICE.id, publicKey: toBase64(ALICE.publicKey) }] },
    { operator: 'bob', builders: [{ builder: BOB.id, publicKey: toBase64(BOB.publicKey) }] },
  ],
  nonce: bytes32(7),
};

/** Id of a round, as it would be of some signed RoundOpen. */
export const ROUND = sha256('round');

const HEAD: ResultHead = {
  round: ROUND,
  builder: ALICE.id,
  release: { name: RELEASE.name, digest: RELEASE.source.digest },
  salt: bytes32(5),
  agentVersion: '0.1.0',
  agentDigest: sha256('repro-quorum.mjs'),
  startedAt: '2026-01-02T03:04:05.000Z',
  finishedAt: '2026-01-02T05:06:07.000Z',
  environment: {
    source: 'measured',
    facts: {
      'os.name': 'Debian GNU/Linux 12',
      'memory.total-bytes': 17179869184,
      wsl: false,
      swap: null,
    },
    withheld: ['host.name'],
  },
};

/** What Alice built. */
export const BUILT: Result & { readonly kind: 'built' } = {
  ...HEAD,
  kind: 'built',
  outputs: RELEASE.artifacts.map(({ name, path }, at) => ({
    name,
    path,
    sha256: sha256(name),
    sizeBytes: 1000 + at,
  })),
  published: [
    {
      artifact: 'guestos/update-img',
      source: 'cdn-sums',
      url: `https://download.dfinity.systems/ic/${COMMIT_ID}/guest-os/update-img/SHA256SUMS`,
      sha256: sha256('guestos'),
      sizeBytes: null,
      error: null,
    },
    {
      artifact: 'hostos/update-img',
      source: 'cdn-bytes',
      url: `https://download.dfinity.network/ic/${COMMIT_ID}/host-os/update-img/update-img.tar.zst`,
      sha256: null,
      sizeBytes: null,
      error: { code: 'NOT_FOUND', message: 'answered 404' },
    },
  ],
  inputs: {
    'build-script': { sha256: sha256('build script') },
    source: { gitCommit: COMMIT_ID, gitTree: 'a'.repeat(40) },
  },
  logSha256: sha256('log'),
};

/** What Alice built by an agent that tells what the build left on its way, and one thing is missing. */
export const BUILT_SHOWN: Result & { readonly kind: 'built' } = {
  ...BUILT,
  inputs: { ...BUILT.inputs, 'build-image': { sha256: sha256('build image') } },
  intermediates: [
    {
      name: 'ic-os/guestos/envs/prod/rootfs-tree.tar',
      artifacts: ['guestos/update-img'],
      found: { sha256: sha256('guestos tree'), bound: sha256('guestos tree in the round') },
    },
    {
      name: 'ic-os/hostos/envs/prod/rootfs-tree.tar',
      artifacts: ['hostos/update-img'],
      found: null,
    },
  ],
};

/** The same by an agent that makes content manifests; of the other artifact it could make none. */
export const BUILT_EXPLAINED: Result & { readonly kind: 'built' } = {
  ...BUILT_SHOWN,
  outputs: BUILT_SHOWN.outputs.map((output, at) =>
    at === 0 ? { ...output, manifest: sha256('manifest of the guestos') } : output,
  ),
};

/** How Alice failed. */
export const FAILED: Result & { readonly kind: 'failed' } = {
  ...HEAD,
  kind: 'failed',
  stage: 'build',
  class: 'out-of-space',
  message: 'the build script exited with 1: No space left on device',
  logSha256: sha256('log'),
};

export const DECLINE: Decline = {
  round: ROUND,
  builder: ALICE.id,
  reason: 'not-enough-disk',
  declinedAt: '2026-01-02T03:05:00.000Z',
};

export const COMMIT: Commit = { round: ROUND, builder: ALICE.id, commitment: sha256('result') };

export const ROUND_CLOSE: RoundClose = {
  round: ROUND,
  closedAt: '2026-01-02T06:07:08.000Z',
  reason: 'all-committed',
};

export const VERDICT: VerdictSummary = {
  coordinatorKeyId: COORDINATOR.keyId,
  version: '0.1.0',
  decidedAt: '2026-01-02T07:08:09.000Z',
  round: ROUND,
  releaseName: RELEASE.name,
  policySha256: ROUND,
  isPassed: true,
  needed: 2,
  eligible: 2,
  subject: [
    {
      name: `${RELEASE.name}/guest-os/update-img/update-img.tar.zst`,
      digest: { sha256: sha256('guestos') },
    },
  ],
  inputs: [{ uri: 'log:quorum.example/log#1', digest: { sha256: sha256('commit') } }],
  artifacts: [{ name: 'guestos/update-img', verdict: 'reproduced' }],
};

import {
  commitmentOf,
  createSigner,
  roundCloseStatement,
  roundIdOf,
  roundOpenStatement,
  signStatement,
  unverifiedPayload,
  verdictStatement,
  type Envelope,
  type RosterEntry,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import type { CloseEvidence } from '#libs/contracts';
import { fromBase64, toBase64 } from '#libs/encoding';
import { formatProofFile, formatVkey } from '#libs/tlog';
import { playLog } from './log.fixture.js';
import type { Job } from './jobs/job.js';
import { coordinatorOf, type Coordinator } from './jobs/coordinator-identity.js';

/** A round as its coordinator opened it. */
export interface OpenedRound {
  readonly round: string;
  readonly envelope: Envelope;
  readonly open: RoundOpen;
}

/** A coordinator whose key a spec holds, with a log of its own. */
export interface PlayedCoordinator {
  readonly signer: Signer;
  readonly vkey: string;
  /** What an agent that pinned its key knows of it. */
  readonly coordinator: Coordinator;
  open(builders: readonly Signer[], more?: Partial<RoundOpen>): OpenedRound;
  close(round: string): Envelope;
  /** Signs a verdict that nothing speaks for. */
  decide(round: string): Envelope;
  /** Logs an envelope and gives its tlog-proof. */
  log(envelope: Envelope, publicKey: Uint8Array): string;
  /** Gives what a builder has to see of a commit that was logged, and of a close. */
  evidence(oldSize: number, commit: Envelope, close: Envelope): CloseEvidence;
}

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** Makes a signer of a seed that is one byte, repeated. */
export function signerOf(seed: number): Signer {
  return createSigner(new Uint8Array(32).fill(seed));
}

/** Makes a job of which nothing was done yet. */
export function jobOf({ round, envelope, open }: OpenedRound): Job {
  return {
    ...{ round, dispatch: envelope, open, urgency: null, tries: null, stopped: null },
    ...{ declined: null, declineReceipt: null, sealed: null, commitReceipt: null },
    ...{ roundClose: null, closeKeptAt: null, isContradicted: false, shown: null },
    ...{ resultReceipt: null, verdict: null, answer: null, answerReceipt: null },
  };
}

/** Invites a builder by a key that it was rotated to. */
export function seatOf({ id, publicKey }: Pick<Signer, 'id' | 'publicKey'>): RosterEntry {
  const builder = { builder: id, publicKey: toBase64(publicKey), keyIndex: 1 };
  return { operator: 'operator-1', builders: [builder] };
}

/** Makes a coordinator of such a seed. */
export function playCoordinator(seed = 200, origin = 'spec.invalid/log'): PlayedCoordinator {
  const signer = signerOf(seed);
  const vkey = formatVkey(origin, signer.publicKey);
  const log = playLog(signer, origin);
  // So that no proof is empty.
  log.append('another leaf');
  const indexes = new Map<string, number>();
  let nonces = 0;
  return {
    ...{ signer, vkey, coordinator: coordinatorOf(vkey) },
    open: (builders, more = {}) => {
      nonces += 1;
      const open = { ...roundOpen(builders, nonces), ...more };
      const envelope = signStatement(roundOpenStatement(open), signer);
      return { round: roundIdOf(unverifiedPayload(envelope)), envelope, open };
    },
    close: (round) => {
      const statement = { round, closedAt: '2026-09-10T04:00:00Z', reason: 'requested' } as const;
      return signStatement(roundCloseStatement(statement), signer);
    },
    decide: (round) => {
      const statement = verdictStatement({
        ...{ coordinatorKeyId: signer.keyId, version: '0.1.0', round, policySha256: round },
        ...{ decidedAt: '2026-09-10T05:00:00Z', releaseName: `ic/${COMMIT}`, isPassed: false },
        ...{ needed: 1, eligible: 1, inputs: [], artifacts: [] },
        subject: [{ name: `ic/${COMMIT}`, digest: { gitCommit: COMMIT } }],
      });
      return signStatement(statement, signer);
    },
    log: (envelope, publicKey) => {
      const index = log.append({ envelope, by: { publicKey } });
      indexes.set(commitmentOf(envelope), index);
      const proof = log.path(index).map(fromBase64);
      return formatProofFile({ index: BigInt(index), proof, checkpoint: log.note() });
    },
    evidence: (oldSize, commit, close) => {
      const commitIndex = indexes.get(commitmentOf(commit)) ?? -1;
      const closeId = commitmentOf(close);
      const closeIndex = indexes.get(closeId) ?? log.append({ envelope: close, by: signer });
      indexes.set(closeId, closeIndex);
      return {
        ...{ checkpoint: log.note(), consistency: log.growth(oldSize), commitIndex, closeIndex },
        ...{ commitPath: log.path(commitIndex), closePath: log.path(closeIndex) },
      };
    },
  };
}

function roundOpen(builders: readonly Signer[], nonce: number): RoundOpen {
  return {
    openedAt: '2026-09-10T03:20:00Z',
    closesAt: '2026-09-11T03:20:00Z',
    revealSeconds: 60,
    blind: true,
    threshold: '2/3',
    release: {
      name: `ic/${COMMIT}`,
      source: { uri: null, digest: { gitCommit: COMMIT } },
      artifacts: [],
    },
    proposal: null,
    urls: [],
    roster: builders.map(({ id, publicKey }, at) => ({
      operator: `operator-${at + 1}`,
      builders: [{ builder: id, publicKey: toBase64(publicKey) }],
    })),
    nonce: toBase64(new Uint8Array(32).fill(nonce)),
  };
}

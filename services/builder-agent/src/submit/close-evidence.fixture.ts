import {
  commitStatement,
  signStatement,
  type Envelope,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import type { CloseEvidence } from '#libs/contracts';
import {
  addSignatures,
  cosign,
  cosignerKeyId,
  ed25519Verifier,
  formatPolicy,
  openCheckpoint,
  type PolicyWitness,
} from '#libs/tlog';
import { playLog, type PlayedLog } from '../log.fixture.js';
import { playCoordinator, signerOf } from '../round.fixture.js';

const played = playCoordinator();
export const { coordinator } = played;
export const BUILDER = signerOf(1);
/** Witnesses of the sample's policy: of 4, 3 have to cosign. */
export const WITNESSES: readonly Signer[] = [11, 12, 13, 14].map((seed) => signerOf(seed));

/** A round whose commit and close are logged, with leaves of others around them. */
export interface ClosedRound {
  readonly log: PlayedLog;
  readonly round: string;
  readonly open: RoundOpen;
  readonly dispatch: Envelope;
  readonly commit: Envelope;
  readonly close: Envelope;
  readonly commitIndex: number;
  readonly closeIndex: number;
  /** What an honest coordinator answers; `cosigners` is how many of the witnesses signed. */
  evidence(oldSize: number, cosigners?: number): CloseEvidence;
}

/** The tlog-policy of the first `count` witnesses, of which `quorum` have to cosign. */
export function policyOf(count: number, quorum: number): string {
  const witnesses = WITNESSES.slice(0, count).map((signer): PolicyWitness => {
    const { id: name, publicKey } = signer;
    return { name, key: { name, keyId: cosignerKeyId(name, publicKey), publicKey } };
  });
  const { origin: name, publicKey, verifier } = coordinator;
  return formatPolicy({
    logs: [{ key: { name, keyId: verifier.keyId, publicKey } }],
    witnesses,
    groups: [{ name: 'all', threshold: quorum, members: witnesses.map((each) => each.name) }],
    quorum: 'all',
  });
}

/** Opens, commits to and closes a round; `by` signs the close in the log, late or not. */
export function closedRound(
  more: Partial<RoundOpen> = {},
  by = played.signer,
  isLate = false,
): ClosedRound {
  const { round, open, envelope: dispatch } = played.open([BUILDER], more);
  const commitment = 'c'.repeat(64);
  const commit = signStatement(
    commitStatement({ round, builder: BUILDER.id, commitment }),
    BUILDER,
  );
  const close = played.close(round);
  const log = playLog(played.signer);
  log.append('a leaf of others');
  const appendClose = (): number => log.append({ envelope: close, by });
  const early = isLate ? appendClose() : null;
  const commitIndex = log.append({ envelope: commit, by: BUILDER });
  log.append('the commit of another');
  const closeIndex = early ?? appendClose();
  log.append('a result of another');
  return {
    ...{ log, round, open, dispatch, commit, close, commitIndex, closeIndex },
    evidence: (oldSize, cosigners = 0) => ({
      ...{ commitIndex, closeIndex },
      checkpoint: cosigned(log.note(), cosigners),
      consistency: log.growth(oldSize),
      commitPath: log.path(commitIndex),
      closePath: log.path(closeIndex),
    }),
  };
}

/** Adds the cosignatures of the first `count` witnesses to a note. */
export function cosigned(note: string, count: number): string {
  const { origin, publicKey } = coordinator;
  const { text } = openCheckpoint(note, [ed25519Verifier(origin, publicKey)], origin);
  const lines = WITNESSES.slice(0, count).map((signer) =>
    cosign(text, {
      ...{ name: signer.id, publicKey: signer.publicKey, timeS: 1_789_000_000 },
      sign: (message) => signer.sign(message),
    }),
  );
  return addSignatures(note, lines);
}

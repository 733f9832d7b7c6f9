import { z } from 'zod';
import { fromBase64, sha256, type Sha256 } from '#libs/encoding';
import { Actor } from './admin-act.js';
import { Calibration, checkCalibration } from './calibration.js';
import { AttestationError } from './error.js';
import { checkExperiment, Experiment } from './experiment.js';
import { builderIdOf } from './key.js';
import { checkRelease, Release, ReleaseRef } from './release.js';
import { checkGroups, MAX_ROUND_GROUPS, RoundGroup } from './round-group.js';
import {
  Bytes32,
  Id,
  readAs,
  readPredicate,
  Sha256Text,
  Time,
  type Statement,
} from './statement.js';
import { ROUND_OPEN, STATEMENT_TYPE } from './type-uri.js';

/**
 * A builder as a round lists it. Its id is the principal of this very key, or of its first one: then
 * `keyIndex` names the log entry that gave it this key, for whoever reads the log to judge.
 */
export const RosterBuilder = z.object({
  builder: Id,
  publicKey: Bytes32,
  keyIndex: z.number().int().min(0).optional(),
});
export type RosterBuilder = z.infer<typeof RosterBuilder>;

/** Who answers for which builders. */
export const RosterEntry = z.object({
  operator: Id,
  /**
   * The operator's own key, by which it signs what becomes of its builders' keys; its principal is
   * who counts. Absent where the roster binds the label to no key.
   */
  publicKey: Bytes32.optional(),
  builders: z.array(RosterBuilder).min(1).max(64),
});
export type RosterEntry = z.infer<typeof RosterEntry>;

/** The proposal a round was opened for. The payload and certificate are archived under their digests. */
export const ProposalRef = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  nnsFunction: z.number().int(),
  payloadSha256: Sha256Text,
  evidenceSha256: Sha256Text,
});
export type ProposalRef = z.infer<typeof ProposalRef>;

/**
 * Who has to vouch for the log before results are shown, and for how long a round waits for them.
 */
export const Witnessing = z.object({
  /** A tlog-policy: the log's key, the witnesses, and how many of them suffice. */
  policy: z.string().min(1).max(65_536),
  /**
   * Seconds after RoundClose from which on a builder may show its result on a consistent checkpoint
   * that the coordinator alone signed. Sleeping witnesses never keep a round from its verdict.
   */
  fallbackSeconds: z
    .number()
    .int()
    .min(1)
    .max(7 * 86_400),
});
export type Witnessing = z.infer<typeof Witnessing>;

/** Everything that a round asks, of whom, and by which rules it will be decided. */
export const RoundOpen = z.object({
  openedAt: Time,
  /** The coordinator may close the round from here on even if commits are missing. */
  closesAt: Time,
  /** How long after its close the round waits for reveals. */
  revealSeconds: z
    .number()
    .int()
    .min(1)
    .max(7 * 86_400),
  blind: z.boolean(),
  threshold: z.string().max(20),
  release: Release,
  proposal: ProposalRef.nullable(),
  /** Every package URL of the proposal, in its order, repeats kept. */
  urls: z.array(z.string().max(2000)).max(32),
  roster: z.array(RosterEntry).min(1).max(256),
  /** Absent where no witness is asked: every checkpoint is the coordinator's word alone. */
  witnessing: Witnessing.optional(),
  /** Present in a round that gives no verdict: one builder builds once more, to find something out. */
  experiment: Experiment.optional(),
  /** Present in another that gives none: one builder is held against those that reproduced. */
  calibration: Calibration.optional(),
  /** For which groups it was opened, as they were then; each has a verdict of its own beside the round's. */
  groups: z.array(RoundGroup).min(1).max(MAX_ROUND_GROUPS).optional(),
  /** Who had it opened; absent in rounds from before this was told. Nothing is decided by it. */
  by: Actor.optional(),
  /** 32 random bytes: two rounds on one release never share an id. */
  nonce: Bytes32,
});
export type RoundOpen = z.infer<typeof RoundOpen>;

/** Makes the statement that opens a round. */
export function roundOpenStatement(open: RoundOpen): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: open.release.name, digest: open.release.source.digest }],
    predicateType: ROUND_OPEN,
    predicate: open,
  };
}

/** The id of a round: the digest of its signed RoundOpen payload. */
export function roundIdOf(payload: Uint8Array): Sha256 {
  return sha256(payload);
}

/**
 * Reads a RoundOpen and refuses one whose roster names a builder by a key that is not its own, whose
 * subject is another release than it asks for, or that is an experiment or a calibration with anybody
 * but its builder.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_BUILDER, WRONG_OPERATOR,
 *   WRONG_RELEASE
 */
export function readRoundOpen(statement: Statement): RoundOpen {
  const open = readPredicate(statement, ROUND_OPEN, RoundOpen);
  checkRosterKeys(open.roster);
  if (open.experiment !== undefined) checkExperiment(open.experiment, open.roster);
  if (open.calibration !== undefined) checkCalibration(open.calibration, open);
  if (open.groups !== undefined) checkGroups(open.groups);
  // Whoever finds statements by their subject has to find the round that it opens.
  const [subject] = statement.subject;
  checkRelease(readAs(ReleaseRef, subject, 'the subject of a round'), open.release);
  return open;
}

/**
 * Holds every builder's id against its key, where no log entry is named that gave it another, and
 * refuses one operator's key under two labels, or in a builder's place.
 *
 * @throws AttestationError WRONG_BUILDER, WRONG_OPERATOR
 */
export function checkRosterKeys(roster: readonly RosterEntry[]): void {
  checkOperatorKeys(roster);
  for (const { builder, publicKey, keyIndex } of roster.flatMap(({ builders }) => builders)) {
    if (keyIndex !== undefined) continue;
    const derived = builderIdOf(fromBase64(publicKey));
    if (derived !== builder) {
      throw new AttestationError(
        'WRONG_BUILDER',
        `roster lists ${builder} with the key of ${derived}: a builder's id is its key's principal`,
      );
    }
  }
}

function checkOperatorKeys(roster: readonly RosterEntry[]): void {
  const builderKeys = roster.flatMap((entry) => entry.builders.map(({ publicKey }) => publicKey));
  const seen = new Set(builderKeys);
  for (const { operator, publicKey } of roster) {
    if (publicKey === undefined) continue;
    // Under two labels it would be two votes.
    if (seen.has(publicKey)) {
      throw new AttestationError(
        'WRONG_OPERATOR',
        `operator ${operator} has a key that stands elsewhere on the roster: each has its own`,
      );
    }
    seen.add(publicKey);
  }
}

/** Looks a builder's raw public key up in a round's roster; null when it was not invited. */
export function invitedKey(open: RoundOpen, builder: string): Uint8Array | null {
  const found = open.roster
    .flatMap(({ builders }) => builders)
    .find((entry) => entry.builder === builder);
  return found === undefined ? null : fromBase64(found.publicKey);
}

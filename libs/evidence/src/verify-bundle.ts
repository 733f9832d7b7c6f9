import { givesVerdict } from '#libs/attestation';
import { ConsensusError, decide } from '#libs/consensus';
import { judgeArtifact } from './artifact-rules.js';
import type { Auditor } from './auditor.js';
import { auditorBallot, seatsOf } from './auditor-ballot.js';
import { findForks, findGaps } from './completeness.js';
import type { EntryOpener } from './entry.js';
import type { Finding } from './finding.js';
import { judgeBundle } from './judge-bundle.js';
import type { OpenedBundle } from './opened-bundle.js';
import { evidenceRule, outcomeOfAudit, type AuditOutcome } from './outcome.js';
import { findProposalFaults, type VerifyCertificate } from './proposal.js';
import { isVerdictTrue } from './recompute-verdict.js';
import { findPredecessor } from './predecessor.js';
import type { Replay } from './replay.js';
import { replayRound } from './replay-round.js';
import { judgeRound } from './round-rules.js';
import type { AuditedArtifact, RuleResult } from './rule.js';

/** Everything that an audit found. */
export interface Audit {
  readonly outcome: AuditOutcome;
  readonly round: string | null;
  readonly release: string | null;
  readonly proposal: string | null;
  readonly origin: string | null;
  /** Entries under the bundle's checkpoint; null where there is none. */
  readonly treeSize: number | null;
  /** How many operators have to agree, and of how many. */
  readonly needed: number;
  readonly eligible: number;
  readonly rules: readonly RuleResult[];
  readonly artifacts: readonly AuditedArtifact[];
  readonly findings: readonly Finding[];
}

/** When an audit is made, and by whom certificates are read. */
export interface AuditOptions {
  readonly at: Date;
  readonly verifyCertificate: VerifyCertificate;
  /** How entries are opened; each time anew where left out. */
  readonly open?: EntryOpener;
}

/**
 * Verifies a bundle and judges it by an auditor's policy. Needs nothing beside its arguments. What is
 * wrong with the bundle is a finding, in whatever way it is wrong. Evidence that is missing can turn
 * a yes into a no, never the reverse: every rule asks for something to be there.
 *
 * @param input bytes have to stay as they are until this resolves
 */
export async function verifyBundle(
  input: Uint8Array | string,
  auditor: Auditor,
  options: AuditOptions,
): Promise<Audit> {
  return judgeBundle(input, {
    logKeys: auditor.logKeys,
    judge: (bundle) => auditBundle(bundle, auditor, options),
    ...(options.open !== undefined && { open: options.open }),
  });
}

async function auditBundle(
  bundle: OpenedBundle,
  auditor: Auditor,
  { at, verifyCertificate }: AuditOptions,
): Promise<Audit> {
  const { header, checkpoint } = bundle;
  const head = {
    round: header?.round ?? null,
    origin: header?.origin ?? null,
    treeSize: checkpoint === null ? null : Number(checkpoint.checkpoint.size),
    ...{ needed: auditor.needed, eligible: auditor.policy.operators.length },
  };
  const nothing = { release: null, proposal: null };
  if (header === null || checkpoint === null) {
    return { ...head, ...nothing, ...sumUp(bundle.findings) };
  }
  const { coordinator } = checkpoint;
  const replay = replayRound(bundle.entries, { round: header.round, coordinator });
  if (replay.open === null) {
    return { ...head, ...nothing, ...sumUp([...bundle.findings, ...replay.findings]) };
  }
  const findings = [
    ...bundle.findings,
    ...replay.findings,
    ...findGaps(bundle, replay),
    ...findForks(bundle, replay, auditor.logKeys),
    ...findVerdictFaults(replay, header.origin, coordinator),
    ...findPredecessor(bundle.entries, { origin: header.origin, coordinator }),
    ...(await findProposalFaults(replay.open, bundle, verifyCertificate)),
  ];
  const { artifacts, rules } = judge(bundle, replay, auditor, at, header.origin);
  return {
    ...head,
    release: replay.open.release.name,
    proposal: replay.open.proposal?.id ?? null,
    ...sumUp(findings, rules, artifacts),
  };
}

function sumUp(
  findings: readonly Finding[],
  asked: readonly RuleResult[] = [],
  artifacts: readonly AuditedArtifact[] = [],
): Pick<Audit, 'outcome' | 'findings' | 'rules' | 'artifacts'> {
  const rules = [evidenceRule(findings), ...asked];
  return { outcome: outcomeOfAudit(findings, rules, artifacts), findings, rules, artifacts };
}

function findVerdictFaults(
  replay: Replay,
  origin: string,
  coordinator: Uint8Array,
): readonly Finding[] {
  const fault = (code: Finding['code'], message: string): Finding[] => [
    { code, message, line: replay.verdict?.line ?? null, index: replay.verdict?.index ?? null },
  ];
  try {
    if (isVerdictTrue(replay, origin, coordinator) !== false) return [];
    return fault('verdict-false', 'the verdict that was signed does not follow from the log');
  } catch (error) {
    if (!(error instanceof ConsensusError)) throw error;
    return fault('roster-unsound', `${error.code}: ${error.message}`);
  }
}

function judge(
  bundle: OpenedBundle,
  replay: Replay,
  auditor: Auditor,
  at: Date,
  origin: string,
): { artifacts: readonly AuditedArtifact[]; rules: readonly RuleResult[] } {
  const seats = seatsOf(replay, auditor, origin);
  const rules = judgeRound({ auditor, bundle, replay, seats, at });
  if (!givesVerdict(replay.open)) return { artifacts: [], rules };
  let verdicts;
  try {
    verdicts = decide(auditorBallot(replay, auditor, seats, origin));
  } catch (error) {
    // Only the round's own threshold or roster can be so; the finding says it.
    if (error instanceof ConsensusError) return { artifacts: [], rules };
    throw error;
  }
  const elected = verdicts.filter((verdict) => verdict.elected).map(({ name }) => name);
  const all = verdicts.map(({ name }) => name);
  const required = auditor.policy.artifacts ?? (elected.length > 0 ? elected : all);
  const judged = required.flatMap((name) => {
    const verdict = verdicts.find((entry) => entry.name === name) ?? null;
    return judgeArtifact({ auditor, replay, seats }, name, verdict);
  });
  return {
    artifacts: verdicts.map((verdict) => ({
      ...verdict,
      isRequired: required.includes(verdict.name),
    })),
    rules: [...rules, ...judged],
  };
}

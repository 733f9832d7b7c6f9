import { givesVerdict } from '#libs/attestation';
import { judgeCosignatures } from '#libs/tlog';
import type { Auditor } from './auditor.js';
import type { Seats } from './auditor-ballot.js';
import { gapsIn } from './completeness.js';
import type { OpenedBundle } from './opened-bundle.js';
import type { Replay } from './replay.js';
import type { Rule, RuleResult } from './rule.js';

const HOUR_MS = 3_600_000;

/** What the rules of a whole round look at. */
export interface RoundFacts {
  readonly auditor: Auditor;
  readonly bundle: OpenedBundle;
  readonly replay: Replay;
  readonly seats: readonly Seats[];
  /** Time of the audit. */
  readonly at: Date;
}

/** Judges a round by the rules that are not about one artifact. Those that ask nothing are left out. */
export function judgeRound(facts: RoundFacts): readonly RuleResult[] {
  const { policy } = facts.auditor;
  return [
    decided(facts),
    ...(facts.auditor.witnesses === null ? [] : [witnesses(facts)]),
    ...(policy.minTreeSize === undefined ? [] : [treeSize(facts, policy.minTreeSize)]),
    ...(policy.maxAgeHours === undefined ? [] : [age(facts, policy.maxAgeHours)]),
    ...(policy.wholeLog === true ? [wholeLog(facts)] : []),
    ...(policy.minCountersignatures === undefined
      ? []
      : [countersignatures(facts, policy.minCountersignatures)]),
  ];
}

function decided({ replay: { open, verdict, opened } }: RoundFacts): RuleResult {
  if (!givesVerdict(open)) {
    const what = open.experiment === undefined ? 'a calibration' : 'an experiment';
    const message = `the round is ${what}, and gives no verdict`;
    return resultOf('decided', false, message, [opened.index]);
  }
  const isKept = verdict !== null;
  const message = isKept
    ? `the round was decided at log index ${verdict.index}`
    : 'the round has no verdict yet';
  return resultOf('decided', isKept, message, [opened.index, ...(isKept ? [verdict.index] : [])]);
}

function witnesses({ auditor, bundle: { checkpoint } }: RoundFacts): RuleResult {
  if (checkpoint === null || auditor.witnesses === null) {
    return resultOf('witnesses', false, 'there is no checkpoint to judge');
  }
  const { isSufficient, cosigners, missing } = judgeCosignatures(auditor.witnesses, checkpoint);
  const names = cosigners.map(({ witness }) => witness).join(', ') || 'nobody';
  const rest = missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`;
  return resultOf('witnesses', isSufficient, `cosigned by ${names}${rest}`);
}

function treeSize({ bundle: { checkpoint } }: RoundFacts, least: number): RuleResult {
  const size = checkpoint?.checkpoint.size ?? 0n;
  return resultOf('tree-size', size >= BigInt(least), `the log has ${size} of ${least} entries`);
}

function age(
  { auditor: { witnesses }, bundle: { checkpoint }, replay: { open, opened }, at }: RoundFacts,
  mostHours: number,
): RuleResult {
  const hoursSince = (ms: number): number => (at.getTime() - ms) / HOUR_MS;
  // What is not opened yet was dated to look young.
  const isYoung = (hours: number): boolean => hours >= 0 && hours <= mostHours;
  const hours = hoursSince(Date.parse(open.openedAt));
  const message = `the round was opened ${Math.floor(hours)} hours before: at most ${mostHours}`;
  if (witnesses === null || checkpoint === null || !isYoung(hours)) {
    return resultOf('age', isYoung(hours), message, [opened.index]);
  }
  // That was the coordinator's word. A round that was dated ahead stands in a tree that was cosigned long
  // before; only witnesses that cosign the log of today would make it younger. Their clocks are their own.
  const { isSufficient } = judgeCosignatures(witnesses, checkpoint, (timeS) => {
    return hoursSince(timeS * 1000) <= mostHours;
  });
  const since = isSufficient ? '' : ', but too few witnesses cosigned the log since';
  return resultOf('age', isSufficient, message + since, [opened.index]);
}

function wholeLog({ bundle: { checkpoint, entries } }: RoundFacts): RuleResult {
  const told = new Set(entries.map(({ index }) => index));
  const size = Number(checkpoint?.checkpoint.size ?? 0n);
  const gaps = size === 0 ? 1 : gapsIn(0, size - 1, told).length;
  const message = gaps === 0 ? `all ${size} entries are here` : 'parts of the log are not here';
  return resultOf('whole-log', gaps === 0, message);
}

function countersignatures({ replay, seats }: RoundFacts, least: number): RuleResult {
  const trusted = new Set(seats.flatMap(({ counted }) => counted));
  const signed = [...replay.countersignatures].filter(([builder]) => trusted.has(builder));
  return resultOf(
    'countersignatures',
    signed.length >= least,
    `${signed.length} of ${least} trusted builders signed the verdict, too`,
    signed.map(([, { index }]) => index),
  );
}

function resultOf(
  rule: Rule,
  isKept: boolean,
  message: string,
  evidence: readonly number[] = [],
): RuleResult {
  return { rule, artifact: null, isKept, message, evidence };
}

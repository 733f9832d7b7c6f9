import {
  isDamning,
  type Audit,
  type Finding,
  type FindingCode,
  type RuleResult,
} from '#libs/evidence';
import { titleOf } from '#libs/contracts';
import type { NamedFinding, Step, StepState } from './protocol.js';

const SHOWN = 20;

/** Steps that the evidence goes through, in the order in which they rest on one another. */
const PLACES = [
  'file',
  'checkpoint',
  'cosignatures',
  'inclusion',
  'signatures',
  'keys',
  'round',
  'proposal',
  'verdict',
] as const;
type Place = (typeof PLACES)[number];

const TITLES: Readonly<Record<Place, string>> = {
  file: 'The file is read',
  checkpoint: 'The log signed the checkpoint',
  cosignatures: 'Witnesses cosigned it',
  inclusion: 'Every entry is in the log',
  signatures: 'Every entry is signed',
  keys: 'Each key was in force at its index',
  round: 'Commits came before the close, and results are what was committed to',
  proposal: 'The NNS certified the proposal',
  verdict: 'The coordinator’s verdict follows from the log',
};

/** Where a finding belongs. */
const PLACE_OF: Readonly<Record<FindingCode, Place>> = {
  'not-a-bundle': 'file',
  'too-large': 'file',
  'line-malformed': 'file',
  'line-unknown': 'file',
  'line-repeated': 'file',
  'entry-repeated': 'inclusion',
  'checkpoint-missing': 'checkpoint',
  'checkpoint-wrong': 'checkpoint',
  'proof-missing': 'inclusion',
  'proof-wrong': 'inclusion',
  'leaf-missing': 'inclusion',
  'consistency-missing': 'inclusion',
  'log-inconsistent': 'inclusion',
  'log-forked': 'inclusion',
  predecessor: 'inclusion',
  'predecessor-unsound': 'inclusion',
  'signature-wrong': 'signatures',
  'statement-malformed': 'signatures',
  'kind-wrong': 'signatures',
  'key-record-void': 'keys',
  'key-unproven': 'keys',
  'key-inactive': 'keys',
  'later-revoked': 'keys',
  'round-missing': 'round',
  'round-reopened': 'round',
  'before-round-open': 'round',
  'not-the-coordinator': 'round',
  'roster-unsound': 'round',
  'amend-unsound': 'round',
  stranger: 'round',
  'signed-as-another': 'round',
  'decline-unsound': 'round',
  'commit-repeated': 'round',
  'commit-copied': 'round',
  'commit-late': 'round',
  'result-before-close': 'round',
  'result-uncommitted': 'round',
  'result-repeated': 'round',
  'result-late': 'round',
  'release-wrong': 'round',
  'reveal-unsound': 'round',
  'closed-twice': 'round',
  'verdict-before-close': 'verdict',
  'verdict-repeated': 'verdict',
  'verdict-false': 'verdict',
  'other-round': 'round',
  'countersignature-unsound': 'verdict',
  'answer-void': 'verdict',
  refused: 'round',
  'proposal-missing': 'proposal',
  'proposal-wrong': 'proposal',
  'certificate-wrong': 'proposal',
  'expected-unproven': 'proposal',
};

/** What is known beside the audit. */
export interface Counted {
  /** Entries whose signature was verified. */
  readonly entries: number;
  /** Whether certificates were read under a root key that the reader named. */
  readonly hasOwnRootKey: boolean;
}

/** Tells an audit step by step: the evidence from the file to the verdict, then each rule asked. */
export function auditSteps(audit: Audit, counted: Counted): readonly Step[] {
  const asked = audit.rules.filter(({ rule }) => rule !== 'evidence' && rule !== 'witnesses');
  return [...PLACES.map((place) => stepOf(place, audit, counted)), ...asked.map(ruleStep)];
}

function stepOf(place: Place, audit: Audit, counted: Counted): Step {
  const findings = audit.findings.filter(({ code }) => PLACE_OF[code] === place);
  const state = findings.some(isDamning) ? 'fails' : stateOf(place, audit);
  return {
    ...{ title: TITLES[place], state, said: saidOf(place, state, audit, counted) },
    findings: findings.slice(0, SHOWN).map(named),
    more: Math.max(0, findings.length - SHOWN),
  };
}

function stateOf(place: Place, audit: Audit): StepState {
  const { treeSize, release, proposal, rules, origin } = audit;
  const witnesses = rules.find(({ rule }) => rule === 'witnesses');
  const decided = rules.find(({ rule }) => rule === 'decided');
  switch (place) {
    case 'file':
      return 'holds';
    case 'checkpoint':
    case 'signatures':
      return origin === null ? 'unreached' : 'holds';
    case 'cosignatures':
      if (treeSize === null) return 'unreached';
      if (witnesses === undefined) return release === null ? 'unreached' : 'unasked';
      return witnesses.isKept ? 'holds' : 'fails';
    case 'inclusion':
      return isProven(audit) ? 'holds' : 'unreached';
    case 'keys':
    case 'round':
      return release === null ? 'unreached' : 'holds';
    case 'proposal':
      if (release === null) return 'unreached';
      return proposal === null ? 'unasked' : 'holds';
    case 'verdict':
      return decided?.isKept === true ? 'holds' : 'unreached';
  }
}

/** A proof is looked at only under a checkpoint, and where every entry could be opened. */
function isProven({ treeSize, findings }: Audit): boolean {
  return treeSize !== null && !findings.some(({ code }) => PLACE_OF[code] === 'signatures');
}

function saidOf(
  place: Place,
  state: StepState,
  { origin, treeSize, proposal, rules }: Audit,
  { entries, hasOwnRootKey }: Counted,
): string {
  switch (place) {
    case 'checkpoint':
      return treeSize === null ? '' : `${origin ?? ''}, ${treeSize} entries`;
    case 'cosignatures':
      return state === 'unasked'
        ? 'your policy asks for no witnesses'
        : (rules.find(({ rule }) => rule === 'witnesses')?.message ?? '');
    case 'inclusion':
      return state === 'holds' ? 'one Merkle proof for all of them' : '';
    case 'signatures':
      return `${entries} signatures verified`;
    case 'proposal': {
      const key = hasOwnRootKey
        ? 'the root key of your policy'
        : 'the Internet Computer’s root key';
      if (state === 'unasked') return 'the round answers no proposal';
      return state === 'holds' ? `proposal ${proposal ?? ''}, under ${key}` : '';
    }
    case 'file':
    case 'keys':
    case 'round':
    case 'verdict':
      return '';
  }
}

function ruleStep({ rule, artifact, isKept, message, evidence }: RuleResult): Step {
  const at = evidence.length === 0 ? '' : ` (${evidence.slice(0, 12).map(indexed).join(' ')})`;
  const about = artifact === null ? '' : `, ${titleOf(artifact)}`;
  return {
    title: `Your policy: ${rule}${about}`,
    state: isKept ? 'holds' : 'fails',
    said: `${message}${at}`,
    ...{ findings: [], more: 0 },
  };
}

function named(finding: Finding): NamedFinding {
  const { code, message, line, index } = finding;
  const places = [
    line === null ? [] : `line ${line}`,
    index === null ? [] : `log index ${index}`,
  ].flat();
  return { code, message, where: places.join(', '), isDamning: isDamning(finding) };
}

const indexed = (index: number): string => `#${index}`;

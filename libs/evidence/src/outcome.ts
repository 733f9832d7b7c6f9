import { isDamning, type Finding } from './finding.js';
import { CONTRARY, type AuditedArtifact, type RuleResult } from './rule.js';

/** What comes of an audit: exit codes 0, 1, 3 and 4. */
export type AuditOutcome = 'satisfied' | 'not-satisfied' | 'undecided' | 'bad-evidence';

/**
 * Sums an audit up: the first that applies of bad evidence, a no, a not yet, a yes. Only what was
 * asked and kept is a yes: where nothing could be counted, nothing is satisfied.
 */
export function outcomeOfAudit(
  findings: readonly Finding[],
  rules: readonly RuleResult[],
  artifacts: readonly AuditedArtifact[],
): AuditOutcome {
  if (findings.some(isDamning)) return 'bad-evidence';
  const broken = rules.filter(({ isKept }) => !isKept);
  const isNo = broken.some(({ rule, artifact }) => {
    if (rule === 'decided') return false;
    if (rule !== 'votes') return true;
    const found = artifacts.find(({ name }) => name === artifact);
    return found === undefined || CONTRARY.has(found.verdict);
  });
  if (isNo) return 'not-satisfied';
  const isCounted = rules.some(({ rule }) => rule === 'votes');
  return broken.length > 0 || !isCounted ? 'undecided' : 'satisfied';
}

/** The rule that everything else stands on: that the evidence is good. */
export function evidenceRule(findings: readonly Finding[]): RuleResult {
  const damning = findings.filter(isDamning);
  const codes = [...new Set(damning.map(({ code }) => code))];
  return {
    rule: 'evidence',
    artifact: null,
    isKept: damning.length === 0,
    message:
      damning.length === 0
        ? 'signatures, proofs, keys and verdict fit together'
        : `the evidence is bad: ${codes.join(', ')}`,
    evidence: damning.flatMap(({ index }) => index ?? []),
  };
}

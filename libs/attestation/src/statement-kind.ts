import { isKeyStatement } from './key-record.js';
import type { Statement } from './statement.js';
import {
  ADMIN_ACT,
  COMMIT,
  DECLINE,
  LOG_SUCCESSION,
  REVEAL,
  ROUND_AMEND,
  ROUND_CLOSE,
  ROUND_OPEN,
  SLSA_PROVENANCE,
  TEST_RESULT,
  VERDICT_REFUSAL,
  VERIFICATION_SUMMARY,
} from './type-uri.js';

const KINDS = {
  'round-open': [ROUND_OPEN],
  'round-amend': [ROUND_AMEND],
  decline: [DECLINE],
  commit: [COMMIT],
  'round-close': [ROUND_CLOSE],
  result: [SLSA_PROVENANCE, TEST_RESULT],
  reveal: [REVEAL],
  verdict: [VERIFICATION_SUMMARY],
  refusal: [VERDICT_REFUSAL],
  'log-succession': [LOG_SUCCESSION],
  'admin-act': [ADMIN_ACT],
} satisfies Readonly<Record<string, readonly string[]>>;

/** What a statement says that a log of ours may hold. */
export type StatementKind = keyof typeof KINDS | 'key';

const BY_TYPE: ReadonlyMap<string, StatementKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, types]) =>
    types.map((type) => [type, kind as keyof typeof KINDS] as const),
  ),
);

/**
 * Tells from its type alone what a statement says; null for one that no log of ours holds. A
 * countersignature has the verdict's own payload: only its signer tells the two apart.
 */
export function statementKind(statement: Statement): StatementKind | null {
  if (isKeyStatement(statement)) return 'key';
  return BY_TYPE.get(statement.predicateType) ?? null;
}

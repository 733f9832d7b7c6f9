import { readResult, readVerdict, type Statement } from '#libs/attestation';
import type { EntryKind } from './bundle-line.js';

/**
 * Finds the round that a statement names; null for what is about none, and for a RoundOpen, whose
 * round is its own digest.
 *
 * @throws AttestationError when a result or a verdict is malformed
 */
export function roundOf(kind: EntryKind, statement: Statement): string | null {
  switch (kind) {
    case 'round-open':
    case 'key':
      return null;
    case 'result':
      return readResult(statement).round;
    case 'verdict':
    case 'countersignature':
      return readVerdict(statement).round;
    case 'round-amend':
    case 'commit':
    case 'round-close':
    case 'reveal':
    case 'refusal': {
      const { round } = statement.predicate;
      return typeof round === 'string' ? round : null;
    }
  }
}

import { REBUILD, SLSA_PROVENANCE, readVerdict, type Statement } from '#libs/attestation';
import type { EntryKind } from './bundle-line.js';

/**
 * Finds the round that a statement names; null for what is about none, and for a RoundOpen, whose
 * round is its own digest.
 *
 * @throws AttestationError when a verdict is malformed
 */
export function roundOf(kind: EntryKind, statement: Statement): string | null {
  switch (kind) {
    case 'round-open':
    case 'key':
    case 'log-succession':
    case 'admin-act':
      return null;
    case 'result':
      return roundOfResult(statement);
    case 'verdict':
    case 'countersignature':
      return readVerdict(statement).round;
    case 'round-amend':
    case 'decline':
    case 'commit':
    case 'round-close':
    case 'reveal':
    case 'refusal': {
      const { round } = statement.predicate;
      return typeof round === 'string' ? round : null;
    }
  }
}

/**
 * Looks where each of the two forms of a result names its round, without reading the rest: most
 * results of a busy log are of other rounds. `readResult` reads the same fields.
 */
function roundOfResult({ predicateType, predicate }: Statement): string | null {
  const holder =
    predicateType === SLSA_PROVENANCE
      ? fieldOf(fieldOf(predicate, 'buildDefinition'), 'externalParameters')
      : fieldOf(predicate, REBUILD);
  const round = fieldOf(holder, 'round');
  return typeof round === 'string' ? round : null;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

import {
  AttestationError,
  envelopeDigest,
  openEnvelope,
  parseStatement,
  readResult,
  unverifiedPayload,
  type Envelope,
  type Result,
} from '#libs/attestation';
import type { Found } from '../tally/attestation-files.js';
import type { ReadRoster } from '../tally/roster.js';
import type { ExplainOutput } from './explain-output.js';
import type { Surroundings } from './known-keys.js';

/** What the attestations came to: results that are taken, and lists of what became of each. */
export interface JudgedAttestations {
  readonly results: readonly Result[];
  readonly lists: Pick<ExplainOutput, 'counted' | 'refused' | 'outsideRoster' | 'otherStatements'>;
}

/**
 * Reads results, verifying each signature whose key is at hand. With a roster nobody else counts;
 * without one, what cannot be verified is taken at its word and marked so.
 */
export function judgeAttestations(
  found: readonly Found[],
  { keys }: Surroundings,
  roster: ReadRoster | null,
): JudgedAttestations {
  const results = new Map<string, Result>();
  const lists: JudgedAttestations['lists'] = {
    ...{ counted: [], refused: [], outsideRoster: [], otherStatements: [] },
  };
  for (const item of found) {
    const { file, line } = item;
    try {
      if ('error' in item) throw item.error;
      const { envelope } = item;
      const statement = parseStatement(unverifiedPayload(envelope));
      const claimed = resultOf(statement);
      if (claimed === null) {
        lists.otherStatements.push({ file, line, predicateType: statement.predicateType });
        continue;
      }
      const { builder, round } = claimed;
      const key = keys.get(builder);
      if (roster !== null && !roster.keys.has(builder)) {
        lists.outsideRoster.push({ file, line, builder });
        continue;
      }
      const attestation = envelopeDigest(envelope);
      results.set(attestation, key === undefined ? claimed : verified(envelope, key));
      const isVerified = key !== undefined;
      lists.counted.push({ file, line, builder, round, attestation, isVerified });
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error;
      lists.refused.push({ file, line, code: error.code, message: error.message });
    }
  }
  return { results: [...results.values()], lists };
}

/** Null for a statement of another kind, such as a round's opening. */
function resultOf(statement: ReturnType<typeof parseStatement>): Result | null {
  try {
    return readResult(statement);
  } catch (error) {
    if (error instanceof AttestationError && error.code === 'WRONG_KIND') return null;
    throw error;
  }
}

function verified(envelope: Envelope, key: Uint8Array): Result {
  return readResult(parseStatement(openEnvelope(envelope, key)));
}

import {
  AttestationError,
  checkRelease,
  envelopeDigest,
  openEnvelope,
  parseStatement,
  readResult,
  unverifiedPayload,
  type Envelope,
  type Release,
  type Result,
} from '#libs/attestation';
import { decide, type Claim, type Standing, type Threshold } from '#libs/consensus';
import { claimOf, questionsOf } from '#libs/contracts';
import type { Found } from './attestation-files.js';
import type { ReadRoster } from './roster.js';
import type { Tally } from './tally-output.js';

/** What became of one attestation. */
type Judged =
  | { readonly kind: 'counted'; readonly result: Result }
  | { readonly kind: 'outside-roster'; readonly builder: string }
  | { readonly kind: 'other-statement'; readonly predicateType: string };

/**
 * Verifies and counts loose attestations of one release. Expected digests come only from the
 * release. One builder counts once however often it is listed; if its attestations differ, its
 * operator contradicts itself. Nothing is claimed about attestations that are not here.
 *
 * @throws ConsensusError for a threshold that could not give a sound verdict
 */
export function tally(
  release: Release,
  readRoster: ReadRoster,
  threshold: Threshold,
  found: readonly Found[],
): Tally {
  const { roster } = readRoster;
  const claims = new Map<string, Claim[]>();
  const lists: Omit<Tally, 'artifacts'> = {
    ...{ counted: [], refused: [], outsideRoster: [], otherStatements: [] },
  };
  for (const item of found) {
    const { file, line } = item;
    try {
      if ('error' in item) throw item.error;
      const judged = judge(item.envelope, release, readRoster);
      if (judged.kind === 'outside-roster') {
        lists.outsideRoster.push({ file, line, builder: judged.builder });
      } else if (judged.kind === 'other-statement') {
        lists.otherStatements.push({ file, line, predicateType: judged.predicateType });
      } else {
        const { builder, round } = judged.result;
        claims.set(builder, [...(claims.get(builder) ?? []), looseClaim(judged.result)]);
        const operator = roster.find(({ builders }) => builders.includes(builder))?.operator ?? '';
        const attestation = envelopeDigest(item.envelope);
        lists.counted.push({ file, line, operator, builder, round, attestation });
      }
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error;
      lists.refused.push({ file, line, code: error.code, message: error.message });
    }
  }
  const artifacts = decide({
    ...{ roster, threshold },
    phase: 'final',
    questions: questionsOf(release),
    standings: new Map(
      [...claims].map(([builder, said]): [string, Standing] => [
        builder,
        { kind: 'said', claims: said },
      ]),
    ),
    late: new Set(),
    roundFlags: new Map(),
  });
  return { artifacts, ...lists };
}

/** Nothing tells here who committed before the results of others were seen: no work is shown. */
function looseClaim(result: Result): Claim {
  return claimOf(result.kind === 'built' ? { ...result, intermediates: [] } : result);
}

/** @throws AttestationError when the attestation is bad evidence */
function judge(envelope: Envelope, release: Release, { keys }: ReadRoster): Judged {
  const statement = parseStatement(unverifiedPayload(envelope));
  let claimed: Result;
  try {
    // The key is looked up by what the payload says, then the payload has to be signed by it.
    claimed = readResult(statement);
  } catch (error) {
    // Folders and exports hold a round's other statements too. They give no digest, so passing one
    // over is no more than not having it.
    if (error instanceof AttestationError && error.code === 'WRONG_KIND') {
      return { kind: 'other-statement', predicateType: statement.predicateType };
    }
    throw error;
  }
  const key = keys.get(claimed.builder);
  if (key === undefined) return { kind: 'outside-roster', builder: claimed.builder };
  const result = readResult(parseStatement(openEnvelope(envelope, key)));
  checkRelease(result.release, release);
  checkPaths(result, release);
  return { kind: 'counted', result };
}

/** An artifact's name and its path have to belong together, or a digest could change its meaning. */
function checkPaths(result: Result, release: Release): void {
  if (result.kind !== 'built') return;
  for (const { name, path } of result.outputs) {
    const artifact = release.artifacts.find((entry) => entry.name === name);
    if (artifact === undefined || artifact.path === path) continue;
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      `artifact ${name} is attested as ${path}: the release has it as ${artifact.path}`,
    );
  }
}

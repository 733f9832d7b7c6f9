import type { EntityManager } from 'typeorm';
import {
  AttestationError,
  openEnvelopeAsync,
  parseEnvelope,
  parseStatement,
  readResult,
  type Result,
  type RoundOpen,
} from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import { readBodies, type RoundBuilderEntity } from '#libs/persistence';
import type { KnownResults } from './verified-results.service.js';

/** A round whose results are to be read. */
export interface RoundSeats {
  readonly row: { readonly id: string };
  readonly open: RoundOpen;
  readonly builders: readonly RoundBuilderEntity[];
}

interface Shown {
  readonly round: string;
  readonly builder: string;
  readonly key: Uint8Array;
  readonly digest: string;
  readonly known: Result | undefined;
}

/**
 * Reads every result that was shown in some rounds, by round and builder. Those that are known are not
 * verified once more.
 *
 * @throws AttestationError for a stored result that its builder did not sign for this round
 */
export async function readResults(
  manager: EntityManager,
  rounds: readonly RoundSeats[],
  verified?: KnownResults,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Result>>> {
  const shown = rounds.flatMap((round) => shownIn(round, verified));
  const bodies = await readBodies(
    manager,
    shown.flatMap(({ known, digest }) => (known === undefined ? [digest] : [])),
  );
  // Verified unless these very bytes were: a row that was tampered with must not become a vote.
  const read = await Promise.all(
    shown.map(async ({ key, digest, known }) => {
      const body = bodies.get(digest);
      if (known !== undefined || body === undefined) return known;
      return verified?.read(body, key) ?? verify(body, key, verified);
    }),
  );
  const results = new Map(rounds.map(({ row }) => [row.id, new Map<string, Result>()]));
  for (const [at, { round, builder }] of shown.entries()) {
    const result = read[at];
    if (result === undefined) continue;
    requireOwn(result, round, builder);
    results.get(round)?.set(builder, result);
  }
  return results;
}

function shownIn(
  { row, open, builders }: RoundSeats,
  verified: KnownResults | undefined,
): readonly Shown[] {
  const invited = open.roster.flatMap((entry) => entry.builders);
  const keys = new Map(invited.map(({ builder, publicKey }) => [builder, publicKey]));
  return builders.flatMap(({ builder, resultSha256: digest }) => {
    const publicKey = keys.get(builder);
    if (digest === null || publicKey === undefined) return [];
    const key = fromBase64(publicKey);
    return [{ round: row.id, builder, key, digest, known: verified?.named(digest, key) }];
  });
}

async function verify(
  body: string,
  key: Uint8Array,
  verified: KnownResults | undefined,
): Promise<Result> {
  const result = readResult(parseStatement(await openEnvelopeAsync(parseEnvelope(body), key)));
  verified?.keep(body, key, result);
  return result;
}

/** A row that names what its builder signed for another round must not carry it over into this one. */
function requireOwn(result: Result, round: string, builder: string): void {
  if (result.round === round && result.builder === builder) return;
  throw new AttestationError(
    'WRONG_ROUND',
    `the result that is stored for builder ${builder} is of another round or builder`,
  );
}

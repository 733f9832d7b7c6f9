import { Brackets, In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { parseEnvelope, type RoundOpen } from '#libs/attestation';
import { fromBase64, toHex } from '#libs/encoding';
import { entryLine, keyWindowStart, revealedSize, type BundleLine } from '#libs/evidence';
import { LogEntryEntity, PersistenceError, readBodies, RoundEntity } from '#libs/persistence';

/** Entries that are held at a time: each may have a megabyte. */
const PAGE = 32;

/** A place of the log that a bundle shows, with its envelope or without. */
export interface BundlePlace {
  readonly index: number;
  readonly isBare: boolean;
}

/** Which round, and how much of the log, a bundle is made of. */
export interface BundleScope {
  readonly row: RoundEntity;
  readonly open: RoundOpen;
  readonly verdictIndex: number;
  /** Size of the checkpoint: what came later is not in the bundle. */
  readonly size: number;
  /** Whether the bundle holds every entry of the log, instead of those from RoundOpen to the verdict. */
  readonly isWholeLog: boolean;
}

/** Hashed into a leaf by `logEntry`, and read back from where it is stored. */
const Leaf = z.object({
  spec: z.object({
    hashedRekordV002: z.object({
      data: z.object({ digest: z.string() }),
      signature: z.object({
        content: z.string(),
        verifier: z.object({ publicKey: z.object({ rawBytes: z.string() }) }),
      }),
    }),
  }),
});

/**
 * Names every place of the log that a bundle of this round shows, by rising index.
 *
 * Source: docs/bundle.md, "Why all entries"
 */
export async function bundlePlaces(
  manager: EntityManager,
  scope: BundleScope,
): Promise<readonly BundlePlace[]> {
  const { row, open, size } = scope;
  const [from, to] = scope.isWholeLog ? [0, size] : [row.openIndex, scope.verdictIndex];
  const full = await indexesWhere(manager, size, (query) => {
    query.where(
      new Brackets((some) => {
        some
          .where('entry.index BETWEEN :from AND :to', { from, to })
          .orWhere('entry.round = :round', { round: row.id })
          .orWhere(`entry.round IS NULL AND entry.kind IN ('key', 'log-succession')`)
          .orWhere('entry.index IN (SELECT "open_index" FROM "round" WHERE "release" = :release)', {
            release: row.release,
          });
      }),
    );
  });
  const shown = new Set(full);
  const start = keyWindowStart(open.roster);
  const bare =
    start === null || start >= row.openIndex
      ? []
      : await indexesWhere(manager, row.openIndex, (query) => {
          query.where('entry.index >= :start', { start });
        });
  return [
    ...full.map((index) => ({ index, isBare: false })),
    ...bare.filter((index) => !shown.has(index)).map((index) => ({ index, isBare: true })),
  ].toSorted((a, b) => a.index - b.index);
}

/** Gives the sizes of the checkpoints that the round's reveals hold. */
export async function revealedSizes(
  manager: EntityManager,
  { row, size }: BundleScope,
): Promise<readonly bigint[]> {
  const indexes = await indexesWhere(manager, size, (query) => {
    query.where(`entry.round = :round AND entry.kind = 'reveal'`, { round: row.id });
  });
  const sizes: bigint[] = [];
  for await (const line of bundleEntries(
    manager,
    indexes.map((index) => ({ index, isBare: false })),
  )) {
    const size = line.type === 'envelope' ? revealedSize(line.envelope) : null;
    if (size !== null) sizes.push(size);
  }
  return sizes;
}

/**
 * Reads the lines of these places, in their order and few at a time.
 *
 * @throws PersistenceError LOG_CORRUPT where one is not stored
 */
export async function* bundleEntries(
  manager: EntityManager,
  places: readonly BundlePlace[],
): AsyncGenerator<BundleLine, void> {
  for (let from = 0; from < places.length; from += PAGE) {
    yield* await readPage(manager, places.slice(from, from + PAGE));
  }
}

async function readPage(
  manager: EntityManager,
  places: readonly BundlePlace[],
): Promise<readonly BundleLine[]> {
  const rows = await manager.findBy(LogEntryEntity, {
    index: In(places.map(({ index }) => index)),
  });
  const entries = new Map(rows.map((row) => [row.index, row]));
  const ids = places.flatMap(({ index, isBare }) => {
    return isBare ? [] : [entries.get(index)?.envelopeSha256 ?? ''];
  });
  const bodies = await readBodies(manager, ids);
  return places.map(({ index, isBare }) => {
    const entry = entries.get(index);
    const body = bodies.get(entry?.envelopeSha256 ?? '');
    if (entry !== undefined && isBare) return leafLine(entry);
    if (entry !== undefined && body !== undefined) return envelopeLine(entry, body);
    throw new PersistenceError('LOG_CORRUPT', `leaf ${index} was signed, and is not stored`);
  });
}

function envelopeLine(entry: LogEntryEntity, body: string): BundleLine {
  const { index, kind } = entry;
  const publicKey = fromBase64(partsOf(entry).publicKey);
  return entryLine({ index, kind, publicKey, envelope: parseEnvelope(body) });
}

function leafLine(entry: LogEntryEntity): BundleLine {
  return { type: 'leaf', index: entry.index, ...partsOf(entry) };
}

function partsOf({ entry }: LogEntryEntity): {
  digest: string;
  signature: string;
  publicKey: string;
} {
  const { data, signature } = Leaf.parse(JSON.parse(entry.toString('utf8'))).spec.hashedRekordV002;
  const spki = Buffer.from(signature.verifier.publicKey.rawBytes, 'base64');
  return {
    digest: toHex(fromBase64(data.digest)),
    signature: signature.content,
    // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key.
    publicKey: spki.subarray(-32).toString('base64'),
  };
}

async function indexesWhere(
  manager: EntityManager,
  size: number,
  where: (query: SelectQueryBuilder<LogEntryEntity>) => void,
): Promise<readonly number[]> {
  const query = manager.createQueryBuilder(LogEntryEntity, 'entry').select(['entry.index']);
  where(query);
  const rows = await query
    .andWhere('entry.index < :size', { size })
    .orderBy('entry.index')
    .getMany();
  return rows.map(({ index }) => index);
}

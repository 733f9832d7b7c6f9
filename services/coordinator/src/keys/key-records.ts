import { In, IsNull, type EntityManager } from 'typeorm';
import { openKeyRecord, parseEnvelope, type Envelope, type KeyRecord } from '#libs/attestation';
import { EnvelopeEntity, LogEntryEntity, PersistenceError } from '#libs/persistence';

/** A key record as it is stored. */
export interface StoredKeyRecord {
  readonly index: number;
  readonly envelope: Envelope;
  readonly builder: string | null;
}

/** Names the newest key record: its index and its envelope's digest; null where there is none. */
export async function lastKeyRecord(manager: EntityManager): Promise<string | null> {
  const [last] = await manager.find(LogEntryEntity, {
    select: { index: true, envelopeSha256: true },
    where: { round: IsNull(), kind: 'key' },
    // By both columns of the index, so that it is one step and no sorting.
    order: { round: 'DESC', index: 'DESC' },
    take: 1,
  });
  return last === undefined ? null : `${last.index} ${last.envelopeSha256}`;
}

/** Reads one page of key records in log order, those after an index. */
export async function readKeyPage(
  manager: EntityManager,
  after: number,
  limit: number,
): Promise<readonly StoredKeyRecord[]> {
  const entries = await manager
    .createQueryBuilder(LogEntryEntity, 'entry')
    .select(['entry.index', 'entry.envelopeSha256', 'entry.builder'])
    .where(`entry.round IS NULL AND entry.kind = 'key' AND entry.index > :after`, { after })
    .orderBy('entry.index')
    .take(limit)
    .getMany();
  return withEnvelopes(manager, entries);
}

/**
 * Reads every key record in log order, each verified with the key of the operator that it names.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export async function readKeyRecords(manager: EntityManager): Promise<readonly KeyRecord[]> {
  const entries = await manager.find(LogEntryEntity, {
    select: { index: true, envelopeSha256: true, builder: true },
    where: { round: IsNull(), kind: 'key' },
    order: { index: 'ASC' },
  });
  return (await withEnvelopes(manager, entries)).map(({ index, envelope }) => {
    try {
      return openKeyRecord(envelope, index);
    } catch (cause) {
      throw new PersistenceError('LOG_CORRUPT', `the key record at ${index} does not verify`, {
        cause,
      });
    }
  });
}

async function withEnvelopes(
  manager: EntityManager,
  entries: readonly LogEntryEntity[],
): Promise<readonly StoredKeyRecord[]> {
  const ids = entries.map(({ envelopeSha256 }) => envelopeSha256);
  const rows = await manager.findBy(EnvelopeEntity, { sha256: In(ids) });
  const bodies = new Map(rows.map(({ sha256, body }) => [sha256, body]));
  return entries.map(({ index, envelopeSha256, builder }) => {
    const body = bodies.get(envelopeSha256);
    if (body === undefined) {
      throw new PersistenceError('LOG_CORRUPT', `the key record at ${index} is not stored`);
    }
    return { index, envelope: parseEnvelope(body), builder };
  });
}

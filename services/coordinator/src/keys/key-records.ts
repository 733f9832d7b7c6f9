import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { openKeyRecord, parseEnvelope, type Envelope, type KeyRecord } from '#libs/attestation';
import { EnvelopeEntity, LogEntryEntity, PersistenceError } from '#libs/persistence';

/** A key record as it is stored. */
export interface StoredKeyRecord {
  readonly index: number;
  readonly envelope: Envelope;
  readonly builder: string | null;
}

/** Names a key record: nothing else is ever logged at its index under its digest. */
export type KeyRecordName = Pick<LogEntryEntity, 'index' | 'envelopeSha256'>;

/** Finds the newest key record; null where there is none. */
export async function lastKeyRecord(manager: EntityManager): Promise<KeyRecordName | null> {
  const [last] = await manager.find(LogEntryEntity, {
    select: { index: true, envelopeSha256: true },
    where: { round: IsNull(), kind: 'key' },
    order: { index: 'DESC' },
    take: 1,
  });
  return last ?? null;
}

/** Tells whether a key record is still the one that it was: a database may have been restored. */
export async function isStored(
  manager: EntityManager,
  { index, envelopeSha256 }: KeyRecordName,
): Promise<boolean> {
  return manager.existsBy(LogEntryEntity, { index, envelopeSha256, kind: 'key' });
}

/** Finds the log index of the first key record that came after a time; null where none did. */
export async function firstKeyRecordSince(
  manager: EntityManager,
  since: Date,
): Promise<number | null> {
  const found = await manager
    .createQueryBuilder(LogEntryEntity, 'entry')
    .select('entry.index')
    .innerJoin(EnvelopeEntity, 'envelope', 'envelope.sha256 = entry.envelopeSha256')
    .where(`entry.round IS NULL AND entry.kind = 'key' AND envelope.receivedAt > :since`, { since })
    .orderBy('entry.index')
    .limit(1)
    .getOne();
  return found?.index ?? null;
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
 * Reads the key records after an index in log order, each verified with the key of the operator that
 * it names.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export async function readKeyRecords(
  manager: EntityManager,
  after: number,
): Promise<readonly KeyRecord[]> {
  const entries = await manager.find(LogEntryEntity, {
    select: { index: true, envelopeSha256: true, builder: true },
    where: { round: IsNull(), kind: 'key', index: MoreThan(after) },
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
  const rows = await manager
    .createQueryBuilder(EnvelopeEntity, 'envelope')
    // One parameter, however many records there are.
    .where('envelope.sha256 = ANY(:ids)', { ids })
    .getMany();
  const bodies = new Map(rows.map(({ sha256, body }) => [sha256, body]));
  return entries.map(({ index, envelopeSha256, builder }) => {
    const body = bodies.get(envelopeSha256);
    if (body === undefined) {
      throw new PersistenceError('LOG_CORRUPT', `the key record at ${index} is not stored`);
    }
    return { index, envelope: parseEnvelope(body), builder };
  });
}

import type { DataSource, EntityManager } from 'typeorm';
import { sha256 } from '#libs/encoding';
import type { LogFolder } from '../copy/log-folder.js';
import type { EnvelopeEntity } from '../entities/envelope.entity.js';
import { PersistenceError } from '../error.js';
import { runPrepared, type Prepared } from '../prepared.js';

const archives = new WeakMap<DataSource, LogFolder>();

/** Has envelopes that left this database read from a copy of its log. */
export function attachArchive(dataSource: DataSource, folder: LogFolder): void {
  archives.set(dataSource, folder);
}

const BODIES: Prepared = {
  name: 'envelope-bodies',
  text: 'SELECT "sha256", "body" FROM "envelope" WHERE "sha256" = ANY($1)',
};

interface Archived {
  readonly sha256: string;
  readonly leafHash: Buffer;
  readonly round: string;
  readonly place: string;
  readonly bundle: string;
}

/**
 * Reads envelopes by their digests: from the database, or from the archive where their rounds were
 * pruned. What was never stored is left out. An archive is a folder that anybody may have changed, so
 * what it gives is held against its digest.
 *
 * @throws PersistenceError ARCHIVED where one lies in an archive that is not at hand: an answer without
 *   it would count fewer votes, and not say so
 */
export async function readBodies(
  manager: EntityManager,
  digests: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (digests.length === 0) return new Map();
  const rows = await runPrepared<Pick<EnvelopeEntity, 'sha256' | 'body'>>(manager, BODIES, [
    digests,
  ]);
  const bodies = new Map(rows.map((row) => [row.sha256, row.body]));
  const missing = digests.filter((digest) => !bodies.has(digest));
  if (missing.length === 0) return bodies;
  for (const archived of await findArchived(manager, missing)) {
    bodies.set(archived.sha256, await fromArchive(archives.get(manager.dataSource), archived));
  }
  return bodies;
}

async function findArchived(
  manager: EntityManager,
  digests: readonly string[],
): Promise<readonly Archived[]> {
  return manager.query<Archived[]>(
    `SELECT entry."envelope_sha256" AS "sha256", entry."leaf_hash" AS "leafHash", archived."round",
       archived."place", archived."bundle_sha256" AS "bundle"
     FROM "log_entry" entry JOIN "archived_round" archived ON archived."round" = entry."round"
     WHERE entry."envelope_sha256" = ANY($1) AND archived."pruned_at" IS NOT NULL`,
    [digests],
  );
}

async function fromArchive(
  folder: LogFolder | undefined,
  { sha256: digest, leafHash, round, place, bundle }: Archived,
): Promise<string> {
  const where = `round ${round} lies in the archive ${place}, as the bundle ${bundle}`;
  if (folder === undefined) {
    throw new PersistenceError('ARCHIVED', `${where}: it is not at hand here`);
  }
  const [body] = await folder.envelopes(0, [new Uint8Array(leafHash)]);
  if (body !== undefined && sha256(body) === digest) return body;
  const what = body === undefined ? 'is missing' : 'has other bytes';
  throw new PersistenceError(
    'ARCHIVED',
    `${where}: in ${folder.name}, which is read, the envelope ${digest} ${what}`,
  );
}

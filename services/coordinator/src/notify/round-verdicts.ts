import { z } from 'zod';
import { parseEnvelope, parseStatement, readVerdict, unverifiedPayload } from '#libs/attestation';
import { ArtifactReport } from '#libs/contracts';
import { PersistenceError, readBodies } from '#libs/persistence';
import type { EntityManager } from 'typeorm';

const Artifacts = z.array(ArtifactReport);

/**
 * Reads what was decided in a round as it was logged, by the index of its verdict: this coordinator's own
 * statement. None for a round that gives no verdict.
 *
 * @throws PersistenceError LOG_CORRUPT, ARCHIVED
 */
export async function readVerdictAt(
  manager: EntityManager,
  index: number,
): Promise<readonly ArtifactReport[]> {
  const [entry] = await manager.query<{ sha256: string }[]>(
    'SELECT "envelope_sha256" AS "sha256" FROM "log_entry" WHERE "index" = $1',
    [index],
  );
  const body =
    entry === undefined ? undefined : (await readBodies(manager, [entry.sha256])).get(entry.sha256);
  if (body === undefined) {
    throw new PersistenceError('LOG_CORRUPT', `the verdict at ${index} is not stored`);
  }
  const { artifacts } = readVerdict(parseStatement(unverifiedPayload(parseEnvelope(body))));
  return Artifacts.parse(artifacts);
}

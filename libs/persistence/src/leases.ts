import type { EntityManager } from 'typeorm';

/** Which work, and who wants to do it. */
export interface LeaseRequest {
  /** Such as `deadlines`. */
  readonly name: string;
  /** MUST be another one for each process. */
  readonly holder: string;
}

/**
 * Takes a lease, or renews it, for `ttlMs` from now; false while another holder has it. Times are the
 * database's alone. A lease saves double work and is no lock: a holder that was stopped for longer than
 * its lease goes on without knowing, so what it does MUST be harmless when done by two.
 */
export async function takeLease(
  manager: EntityManager,
  { name, holder, ttlMs }: LeaseRequest & { readonly ttlMs: number },
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `INSERT INTO "lease" AS held ("name", "holder", "until")
     VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
     ON CONFLICT ("name") DO UPDATE SET "holder" = EXCLUDED."holder", "until" = EXCLUDED."until"
     WHERE held."holder" = EXCLUDED."holder" OR held."until" <= clock_timestamp()
     RETURNING "name"`,
    [name, holder, ttlMs],
  );
  return rows.length > 0;
}

/** Gives a lease back, so that nobody has to wait for its end; one of somebody else stays. */
export async function releaseLease(
  manager: EntityManager,
  { name, holder }: LeaseRequest,
): Promise<void> {
  await manager.query('DELETE FROM "lease" WHERE "name" = $1 AND "holder" = $2', [name, holder]);
}

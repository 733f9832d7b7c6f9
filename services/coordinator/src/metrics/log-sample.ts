import type { DataSource } from 'typeorm';
import { toHex } from '#libs/encoding';
import { lastCosignedSize } from '#libs/persistence';
import type { Sample } from '#libs/platform';
import type { WitnessSet } from '../witness/witness-set.js';
import type { CoordinatorMeters } from './coordinator-meters.js';

interface Heads {
  readonly leaves: number;
  readonly signed: number;
}

/** How far the log, its checkpoints and its witnesses have come. */
export function logSample(
  dataSource: DataSource,
  set: WitnessSet | null,
  meters: CoordinatorMeters,
): Sample {
  const own = {
    leaves: meters.gauge('quorum_log_leaves'),
    signed: meters.gauge('quorum_checkpoint_leaves'),
    age: meters.gauge('quorum_checkpoint_age_seconds'),
    lag: meters.gauge('quorum_checkpoint_lag_seconds'),
  };
  const witnesses = {
    leaves: meters.gauge('quorum_witness_lag_leaves'),
    seconds: meters.gauge('quorum_witness_lag_seconds'),
  };
  return {
    name: 'log',
    take: async () => {
      for (const gauge of Object.values(own)) gauge.remove();
      for (const gauge of Object.values(witnesses)) gauge.reset();
      const { manager } = dataSource;
      const [heads] = await manager.query<Heads[]>(
        `SELECT (SELECT coalesce(max("index") + 1, 0) FROM "log_entry")::float8 AS "leaves",
           (SELECT coalesce(max("size"), 0) FROM "log_checkpoint")::float8 AS "signed"`,
      );
      if (heads === undefined) return;
      const { leaves, signed } = heads;
      own.leaves.set(leaves);
      own.signed.set(signed);
      if (signed > 0) own.age.set(await ageFrom(dataSource, signed - 1));
      own.lag.set(leaves > signed ? await ageFrom(dataSource, signed) : 0);
      for (const { name, key } of set?.policy.witnesses ?? []) {
        const cosigned = await lastCosignedSize(manager, toHex(key.publicKey));
        const behind = Math.max(0, signed - cosigned);
        witnesses.leaves.set({ witness: name }, behind);
        const seconds = behind > 0 ? await ageFrom(dataSource, cosigned) : 0;
        witnesses.seconds.set({ witness: name }, seconds);
      }
    },
  };
}

/** Seconds since a leaf was logged; since the next one where that was not kept. */
async function ageFrom({ manager }: DataSource, index: number): Promise<number> {
  const [found] = await manager.query<{ age: number }[]>(
    `SELECT extract(epoch FROM clock_timestamp() - "logged_at")::float8 AS "age"
     FROM "log_entry" WHERE "index" >= $1 AND "logged_at" IS NOT NULL ORDER BY "index" LIMIT 1`,
    [index],
  );
  return Math.max(0, found?.age ?? 0);
}

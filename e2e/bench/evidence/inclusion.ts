import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { DataSource } from 'typeorm';
import { sha256 } from '#libs/encoding';
import { startPostgres } from '#libs/embedded';
import { databaseOptions, EnvelopeEntity, LogEntryEntity, migrate } from '#libs/persistence';
import { hashLeaf } from '#libs/tlog';
import type { Figure, Setting } from '../benchmark.js';
import { median } from '../race.js';
import { leafEntry, writeTreeRows } from './big-tree.js';
import { samplesOf, type Taken } from './proof-samples.js';

const TAKE_PROOFS = fileURLToPath(new URL('./take-proofs.js', import.meta.url));
const FULL_LEAVES = 10_000_000;
const QUICK_LEAVES = 3_000;
const FEW_LEAVES = 1_000;
const MAX_PROOF_MS = 5;

/** Receipts out of a tree of ten million leaves in a real database, one after the other. */
export async function measureInclusion(dir: string, setting: Setting): Promise<readonly Figure[]> {
  const size = setting.isQuick ? QUICK_LEAVES : FULL_LEAVES;
  const few = Math.min(FEW_LEAVES, size - 1);
  const postgres = await startPostgres({ dataDir: join(dir, 'postgres'), durable: false });
  try {
    const dataSource = await new DataSource(databaseOptions(postgres.url)).initialize();
    try {
      setting.tell(`growing a tree of ${size.toLocaleString('en')} leaves in PostgreSQL`);
      await migrate(dataSource);
      await fillTree(dataSource, join(dir, 'tree.pgcopy'), size);
      await addEntries(
        dataSource,
        new Set([few, size].flatMap((leaves) => samplesOf(leaves).flat())),
      );
      const [small, large] = await takeProofs(postgres.url, [few, size]);
      const inMs = median(large.tookMs).toFixed(2);
      const within = large.tookMs.filter((ms) => ms <= MAX_PROOF_MS).length;
      return [
        {
          what: `inclusion proof, ${size.toLocaleString('en')} leaves`,
          rate: `${inMs} ms`,
          ratio: null,
          sentence:
            `inclusion: ${inMs} ms, ${most(large.tookMs, 0.95)} ms for 95 of 100, ` +
            `${most(large.tookMs, 1)} ms at the worst, ${within} of ${large.tookMs.length} in time ` +
            `(at most ${MAX_PROOF_MS} ms); ${large.reads} queries each, as from the first ` +
            `${small.leaves} leaves (${small.reads})`,
        },
      ];
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await postgres.stop();
  }
}

/** Takes proofs of a small and of a large tree. */
async function takeProofs(
  url: string,
  sizes: readonly [number, number],
): Promise<readonly [Taken, Taken]> {
  const { stdout } = await execa(process.execPath, [TAKE_PROOFS, url, ...sizes.map(String)]);
  const [small, large] = JSON.parse(stdout) as readonly Taken[];
  if (small === undefined || large === undefined) throw new Error('no proofs were taken');
  return [small, large];
}

async function addEntries(dataSource: DataSource, indices: ReadonlySet<number>): Promise<void> {
  const rows = [...indices].map((index) => {
    const entry = leafEntry(index);
    const envelopeSha256 = sha256(entry);
    const body = { sha256: envelopeSha256, body: '{}', receivedAt: new Date(0) };
    const leafHash = Buffer.from(hashLeaf(entry));
    const label = { kind: 'commit', round: 'aa', builder: null } as const;
    return { body, row: { index, entry, leafHash, envelopeSha256, ...label } };
  });
  await dataSource.manager.insert(
    EnvelopeEntity,
    rows.map(({ body }) => body),
  );
  await dataSource.manager.insert(
    LogEntryEntity,
    rows.map(({ row }) => row),
  );
}

async function fillTree(dataSource: DataSource, path: string, size: number): Promise<void> {
  await writeTreeRows(path, size);
  // The server reads the file itself, as a user of its own.
  for (const above of ['..', '../..']) await chmod(join(path, above), 0o755);
  await dataSource.query('ALTER TABLE "log_node" DROP CONSTRAINT "log_node_pk"');
  await dataSource.query('ALTER TABLE "log_node" SET UNLOGGED');
  await dataSource.query(`COPY "log_node" FROM '${path}' (FORMAT binary)`);
  await dataSource.query(
    'ALTER TABLE "log_node" ADD CONSTRAINT "log_node_pk" PRIMARY KEY ("level", "index")',
  );
  await dataSource.query('ANALYZE "log_node"');
  // A log grows over years: what was written now is on the disk before anything is asked for.
  await dataSource.query('CHECKPOINT');
}

/** How long a part of them took at most. */
function most(tookMs: readonly number[], part: number): string {
  const sorted = tookMs.toSorted((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN).toFixed(1);
}

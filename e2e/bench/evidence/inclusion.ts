import { EventEmitter } from 'node:events';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { createSigner } from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { startPostgres } from '#libs/embedded';
import {
  CheckpointEntity,
  Checkpoints,
  databaseOptions,
  EnvelopeEntity,
  LogEntryEntity,
  LogNodeEntity,
  migrate,
} from '#libs/persistence';
import {
  ed25519Signer,
  ed25519Verifier,
  formatCheckpoint,
  frontierNodes,
  hashLeaf,
  readFrontier,
  rootOfFrontier,
  signNote,
  verifyProofFile,
} from '#libs/tlog';
import type { Figure, Setting } from '../benchmark.js';
import { median } from '../race.js';
import { leafEntry, writeTreeRows } from './big-tree.js';

const ORIGIN = 'bench.invalid/log';
const FULL_LEAVES = 10_000_000;
const QUICK_LEAVES = 3_000;
const PROOFS = 300;
const MAX_PROOF_MS = 5;

/** Receipts out of a tree of ten million leaves in a real database, one after the other. */
export async function measureInclusion(dir: string, setting: Setting): Promise<readonly Figure[]> {
  const size = setting.isQuick ? QUICK_LEAVES : FULL_LEAVES;
  const postgres = await startPostgres({ dataDir: join(dir, 'postgres'), durable: false });
  try {
    const dataSource = await new DataSource(databaseOptions(postgres.url)).initialize();
    const countReads = readCounter(dataSource);
    try {
      setting.tell(`growing a tree of ${size.toLocaleString('en')} leaves in PostgreSQL`);
      await migrate(dataSource);
      await fillTree(dataSource, join(dir, 'tree.pgcopy'), size);
      const [small, large] = await takeProofs(dataSource, size, countReads);
      const inMs = median(large.tookMs).toFixed(2);
      return [
        {
          what: `inclusion proof, ${size.toLocaleString('en')} leaves`,
          rate: `${inMs} ms`,
          ratio: null,
          sentence:
            `inclusion: ${inMs} ms, ${most(large.tookMs, 0.95)} ms for 95 of 100, ` +
            `${most(large.tookMs, 1)} ms at the worst of ${large.tookMs.length} ` +
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

interface Taken {
  readonly leaves: number;
  readonly tookMs: readonly number[];
  /** Queries of one proof: the same number for each, else this throws. */
  readonly reads: number;
}

async function takeProofs(
  dataSource: DataSource,
  size: number,
  countReads: () => number,
): Promise<readonly [Taken, Taken]> {
  const signer = createSigner(new Uint8Array(32).fill(7));
  const noteSigner = ed25519Signer(ORIGIN, signer.publicKey, (text) => signer.sign(text));
  const verifier = ed25519Verifier(ORIGIN, signer.publicKey);
  const take = async (leaves: number): Promise<Taken> => {
    const root = await rootAtSize(dataSource, leaves);
    const text = formatCheckpoint({ origin: ORIGIN, size: BigInt(leaves), root });
    const note = signNote(text, [noteSigner]);
    await dataSource.manager.insert(CheckpointEntity, {
      ...{ size: leaves, root: Buffer.from(root), note },
    });
    const checkpoints = new Checkpoints(dataSource, ORIGIN, noteSigner, verifier);
    // The connection, and its statements, are made before.
    await checkpoints.receipt(0);
    const tookMs: number[] = [];
    const counts = new Set<number>();
    for (const index of samplesOf(leaves)) {
      const [startMs, before] = [performance.now(), countReads()];
      const proof = await checkpoints.receipt(index);
      tookMs.push(performance.now() - startMs);
      counts.add(countReads() - before);
      const claim = { verifiers: [verifier], origin: ORIGIN, entry: leafEntry(index) };
      verifyProofFile({ ...claim, text: proof ?? '' });
    }
    const [only = 0] = counts;
    if (counts.size !== 1) throw new Error(`proofs took ${[...counts].join(' or ')} queries`);
    return { leaves, tookMs, reads: only };
  };
  const few = Math.min(1_000, size - 1);
  await addEntries(dataSource, new Set([...samplesOf(few), ...samplesOf(size)]));
  return [await take(few), await take(size)];
}

/** Leaves all over the tree, its edges among them; the same ones in every run. */
function samplesOf(size: number): readonly number[] {
  const spread = Array.from({ length: PROOFS }, (_, at) => (at * 7_919_993 + 17) % size);
  return [...new Set([0, size - 1, ...spread])];
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

async function rootAtSize(dataSource: DataSource, size: number): Promise<Uint8Array> {
  const ids = frontierNodes(BigInt(size));
  const rows = await dataSource.manager.find(LogNodeEntity, {
    where: ids.map(({ level, index }) => ({ level, index: Number(index) })),
  });
  const hashes = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  const frontier = readFrontier(BigInt(size), ({ level, index }) =>
    hashes.get(`${level}/${index.toString()}`),
  );
  return rootOfFrontier(frontier);
}

/** How long a part of them took at most. */
function most(tookMs: readonly number[], part: number): string {
  const sorted = tookMs.toSorted((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN).toFixed(1);
}

/** Counts queries outside of transactions: each takes a connection out of the pool. */
function readCounter({ driver }: DataSource): () => number {
  const pool: unknown = driver instanceof PostgresDriver ? driver.master : null;
  if (!(pool instanceof EventEmitter)) throw new TypeError('there is no pool of connections');
  let reads = 0;
  pool.on('acquire', () => {
    reads += 1;
  });
  return () => reads;
}

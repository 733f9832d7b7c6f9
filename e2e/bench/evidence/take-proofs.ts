import { EventEmitter } from 'node:events';
import { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { createSigner } from '#libs/attestation';
import { CheckpointEntity, Checkpoints, databaseOptions, LogNodeEntity } from '#libs/persistence';
import {
  ed25519Signer,
  ed25519Verifier,
  formatCheckpoint,
  frontierNodes,
  readFrontier,
  rootOfFrontier,
  signNote,
  verifyProofFile,
} from '#libs/tlog';
import { leafEntry } from './big-tree.js';
import { samplesOf, type Taken } from './proof-samples.js';

const ORIGIN = 'bench.invalid/log';

/**
 * Takes proofs out of the stored trees of the given sizes, one after the other, and verifies each:
 * `take-proofs.js DATABASE SIZE…` writes what each tree's took, as JSON. A process of its own: what else
 * a benchmark keeps in its memory, a collection of garbage would go through while a proof is timed.
 */
const [url = '', ...sizes] = process.argv.slice(2);
const dataSource = await new DataSource(databaseOptions(url)).initialize();
const signer = createSigner(new Uint8Array(32).fill(7));
const noteSigner = ed25519Signer(ORIGIN, signer.publicKey, (text) => signer.sign(text));
const verifier = ed25519Verifier(ORIGIN, signer.publicKey);
const countReads = readCounter(dataSource);
const taken: Taken[] = [];
for (const size of sizes) taken.push(await take(Number(size)));
await dataSource.destroy();
process.stdout.write(JSON.stringify(taken));

async function take(leaves: number): Promise<Taken> {
  const root = await rootAtSize(leaves);
  const text = formatCheckpoint({ origin: ORIGIN, size: BigInt(leaves), root });
  const note = signNote(text, [noteSigner]);
  await dataSource.manager.insert(CheckpointEntity, {
    ...{ size: leaves, root: Buffer.from(root), note },
  });
  const checkpoints = new Checkpoints(dataSource, ORIGIN, noteSigner, verifier);
  // The connection, and its statements, are made before.
  await checkpoints.receipt(0);
  let tookMs: number[] = [];
  const counts = new Set<number>();
  for (const lap of samplesOf(leaves)) {
    tookMs = [];
    for (const index of lap) {
      const [startMs, before] = [performance.now(), countReads()];
      const proof = await checkpoints.receipt(index);
      tookMs.push(performance.now() - startMs);
      counts.add(countReads() - before);
      const claim = { verifiers: [verifier], origin: ORIGIN, entry: leafEntry(index) };
      verifyProofFile({ ...claim, text: proof ?? '' });
    }
  }
  const [only = 0] = counts;
  if (counts.size !== 1) throw new Error(`proofs took ${[...counts].join(' or ')} queries`);
  return { leaves, tookMs, reads: only };
}

async function rootAtSize(size: number): Promise<Uint8Array> {
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

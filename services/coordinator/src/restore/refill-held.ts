import { In, type EntityManager } from 'typeorm';
import { toHex } from '#libs/encoding';
import {
  lockLog,
  LogEntryEntity,
  logSize,
  PersistenceError,
  readNodes,
  refillLeaves,
  type Refill,
  type RefillRequest,
  type SourceLeaf,
} from '#libs/persistence';
import { frontierNodes } from '#libs/tlog';
import type { HeldLeaf, Holdings } from './held-files.js';
import { placeLeaves } from './place-leaves.js';

const BATCH = 1_000;
/** Stretches of missing leaves that a message names. */
const SHOWN = 20;

/**
 * Brings a log up to the newest checkpoint that its holders know, with the envelopes that they hold.
 * All or nothing, as from a copy: the caller's transaction may be committed only when this returns.
 *
 * @throws PersistenceError COPY_UNUSABLE where nobody holds a leaf, which is named, or where the log's
 *   key signed two trees; LOG_CORRUPT where the database is not sound itself
 */
export async function refillHeld(
  manager: EntityManager,
  holdings: Holdings,
  request: RefillRequest,
): Promise<Refill> {
  await lockLog(manager);
  const from = await logSize(manager);
  const { newest, ranges, proven, leaves } = holdings;
  if (newest === null) {
    throw new PersistenceError(
      'COPY_UNUSABLE',
      'none of the files has a checkpoint: nothing says how far the log went',
    );
  }
  const size = Number(newest.checkpoint.size);
  if (size <= from) return { from, size: from, rounds: [] };
  await addStored(manager, from, holdings);
  const loose = await withoutStored(manager, [...leaves.values()]);
  const placed = placeLeaves({
    ...{ from, size, ranges, proven },
    loose: loose.map(({ leafHash }) => leafHash),
  });
  requireAll(placed, from, size);
  async function* inOrder(first: number, end: number): AsyncGenerator<SourceLeaf, void> {
    for (let index = first; index < end; index += 1) {
      const held = leaves.get(toHex(placed.get(index) ?? new Uint8Array()));
      yield { index, entry: held?.entry ?? new Uint8Array(), body: held?.body ?? null };
      await Promise.resolve();
    }
  }
  const name = 'what its holders gave';
  return refillLeaves(manager, { name, note: newest.note, leaves: inOrder }, request);
}

/** The right edge of what is stored: with it the subtrees that reach back can be computed. */
async function addStored(
  manager: EntityManager,
  from: number,
  { ranges }: Holdings,
): Promise<void> {
  const nodes = frontierNodes(BigInt(from));
  const read = await readNodes(manager, nodes);
  for (const node of nodes) {
    const hash = read(node);
    const begin = node.index << BigInt(node.level);
    if (hash !== undefined) ranges.add({ begin, end: begin + (1n << BigInt(node.level)) }, hash);
  }
}

/** Holders give all that they have; what is stored already is no candidate for another place. */
async function withoutStored(
  manager: EntityManager,
  leaves: readonly HeldLeaf[],
): Promise<readonly HeldLeaf[]> {
  const missing: HeldLeaf[] = [];
  for (let at = 0; at < leaves.length; at += BATCH) {
    const batch = leaves.slice(at, at + BATCH);
    const rows = await manager.find(LogEntryEntity, {
      select: { index: true, envelopeSha256: true },
      where: { envelopeSha256: In(batch.map(({ envelopeSha256 }) => envelopeSha256)) },
    });
    const stored = new Set(rows.map(({ envelopeSha256 }) => envelopeSha256));
    missing.push(...batch.filter(({ envelopeSha256 }) => !stored.has(envelopeSha256)));
  }
  return missing;
}

function requireAll(placed: ReadonlyMap<number, Uint8Array>, from: number, size: number): void {
  const gaps: string[] = [];
  for (let index = from; index < size; index += 1) {
    if (placed.has(index)) continue;
    const begin = index;
    while (index + 1 < size && !placed.has(index + 1)) index += 1;
    gaps.push(begin === index ? `${begin}` : `${begin} to ${index}`);
  }
  if (gaps.length === 0) return;
  const more = gaps.length > SHOWN ? ` and ${gaps.length - SHOWN} more stretches` : '';
  throw new PersistenceError(
    'COPY_UNUSABLE',
    `nobody holds leaves ${gaps.slice(0, SHOWN).join(', ')}${more} of the ${size} that were signed: ` +
      `the log stays as it is, with ${from}; ask other builders, or for a copy or a bundle`,
  );
}

import { Between, type EntityManager } from 'typeorm';
import { toBase64 } from '#libs/encoding';
import type { TileId } from '#libs/tlog';
import { cosignedNote } from '../cosignatures.js';
import { LogEntryEntity } from '../entities/log-entry.entity.js';
import { ProposalEntity } from '../entities/proposal.entity.js';
import { PersistenceError } from '../error.js';
import { readLogTile } from '../log-tiles.js';
import { bodiesOf } from '../projection/logged-statement.js';
import { lastCheckpoint } from '../signed-tree.js';
import type { LogSource, ProposalCopy } from './log-source.js';

const MAX_ENVELOPES = 256;
const MAX_CHARACTERS = 4_194_304;

/** Reads the signed tree of a stored log, in whatever transaction the manager is of. */
export class DatabaseSource implements LogSource {
  readonly name = 'the database';

  constructor(private readonly manager: EntityManager) {}

  async checkpoint(): Promise<string> {
    const newest = await lastCheckpoint(this.manager);
    if (newest !== null) return cosignedNote(this.manager, newest);
    throw new PersistenceError('COPY_UNUSABLE', 'the database holds no checkpoint');
  }

  async tile(id: TileId): Promise<Uint8Array | undefined> {
    return (await readLogTile(this.manager, id)) ?? undefined;
  }

  async envelopes(from: number): Promise<readonly string[]> {
    return readEnvelopes(this.manager, from);
  }

  async proposal(id: string): Promise<ProposalCopy | undefined> {
    const row = await this.manager.findOneBy(ProposalEntity, { id });
    if (row === null) return undefined;
    return {
      nnsFunction: row.nnsFunction,
      payload: row.payload === null ? null : toBase64(row.payload),
      evidence: JSON.parse(row.evidence) as Record<string, unknown>,
    };
  }
}

/**
 * Gives envelopes of the signed tree from a leaf on, in the order of the log: at most 256, and no more
 * than 4 MiB of them beside the first. None beyond the tree.
 *
 * @throws PersistenceError LOG_CORRUPT where one is not stored
 */
export async function readEnvelopes(
  manager: EntityManager,
  from: number,
): Promise<readonly string[]> {
  const size = (await lastCheckpoint(manager))?.size ?? 0;
  const rows = await manager.find(LogEntryEntity, {
    select: { index: true, envelopeSha256: true },
    where: { index: Between(from, Math.min(from + MAX_ENVELOPES, size) - 1) },
    order: { index: 'ASC' },
  });
  const bodies = await bodiesOf(manager, rows);
  const given: string[] = [];
  let characters = 0;
  for (const { index, envelopeSha256 } of rows) {
    const body = bodies.get(envelopeSha256);
    if (body === undefined || index !== from + given.length) {
      throw new PersistenceError('LOG_CORRUPT', `leaf ${index} is not stored whole`);
    }
    characters += body.length;
    if (given.length > 0 && characters > MAX_CHARACTERS) break;
    given.push(body);
  }
  return given;
}

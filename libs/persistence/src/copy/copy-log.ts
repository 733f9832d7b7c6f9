import {
  commitmentOf,
  parseEnvelope,
  parseStatement,
  readRoundOpen,
  signatureOf,
  statementKind,
  unverifiedPayload,
} from '#libs/attestation';
import { hashLeaf, logEntry, newTiles, parseCheckpoint } from '#libs/tlog';
import { PersistenceError } from '../error.js';
import { keyInEntry } from '../projection/logged-statement.js';
import type { LogFolder } from './log-folder.js';
import { readLeaves, type LogSource, type SourceLeaf } from './log-source.js';

/** What was written. */
export interface CopiedLog {
  /** Leaves of the copied tree. */
  readonly size: number;
  readonly tiles: number;
  readonly envelopes: number;
}

/**
 * Copies a log's signed tree into a folder: tiles, envelopes, proposals, then the checkpoint. A folder
 * that was begun, or that holds an earlier tree of the same log, is gone on with. What is copied is
 * not verified: {@link checkCopy} does that, with a key that does not come from the source.
 *
 * @throws PersistenceError COPY_UNUSABLE where the source lacks something, or where the folder holds
 *   more of the log than the source
 */
export async function copyLog(
  source: LogSource,
  folder: LogFolder,
  onProgress: (leaves: number) => void = () => undefined,
): Promise<CopiedLog> {
  const note = await source.checkpoint();
  const size = sizeOf(note);
  const earlier = await folder.earlierCheckpoint();
  const from = earlier === null ? 0 : sizeOf(earlier);
  if (from > size) {
    throw new PersistenceError(
      'COPY_UNUSABLE',
      `${folder.name} holds ${from} leaves, ${source.name} only ${size}: keep the folder as it is`,
    );
  }
  let tiles = 0;
  for (const id of newTiles(BigInt(from), BigInt(size))) {
    if (await folder.hasTile(id)) continue;
    const bytes = await source.tile(id);
    if (bytes === undefined) {
      throw new PersistenceError('COPY_UNUSABLE', `${source.name} lacks a tile of its own tree`);
    }
    await folder.keepTile(id, bytes);
    tiles += 1;
  }
  let envelopes = 0;
  for await (const leaf of readLeaves(without(source, folder), from, size)) {
    if (leaf.body !== '' && (await keep(source, folder, leaf))) envelopes += 1;
    onProgress(leaf.index + 1);
  }
  await folder.keepCheckpoint(note);
  return { size, tiles, envelopes };
}

/** The source, with nothing to be fetched where the folder has it: an empty text stands for that. */
function without(source: LogSource, folder: LogFolder): LogSource {
  return {
    name: source.name,
    checkpoint: () => source.checkpoint(),
    proposal: (id) => source.proposal(id),
    tile: async (id) => (await folder.tile(id)) ?? source.tile(id),
    envelopes: async (from, leafHashes) => {
      const held: string[] = [];
      for (const leafHash of leafHashes) {
        if (!(await folder.hasEnvelope(leafHash))) break;
        held.push('');
      }
      return held.length > 0 ? held : source.envelopes(from, leafHashes);
    },
  };
}

async function keep(
  source: LogSource,
  folder: LogFolder,
  { index, entry, body }: SourceLeaf,
): Promise<boolean> {
  const key = keyInEntry(entry);
  if (body === null || key === null) throw lacking(source, index);
  const envelope = parseEnvelope(body);
  const own = logEntry({
    ...{ paeSha256: commitmentOf(envelope), signature: signatureOf(envelope), publicKey: key },
  });
  if (!Buffer.from(own).equals(entry)) throw lacking(source, index);
  await keepProposalOf(source, folder, unverifiedPayload(envelope));
  await folder.keepEnvelope(hashLeaf(entry), body);
  return true;
}

/** The log holds digests of what proves a proposal, not the proof itself. */
async function keepProposalOf(
  source: LogSource,
  folder: LogFolder,
  payload: Uint8Array,
): Promise<void> {
  const statement = parseStatement(payload);
  if (statementKind(statement) !== 'round-open') return;
  const id = readRoundOpen(statement).proposal?.id;
  if (id === undefined || (await folder.hasProposal(id))) return;
  const proposal = await source.proposal(id);
  if (proposal !== undefined) await folder.keepProposal(id, proposal);
}

function sizeOf(note: string): number {
  return Number(parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).size);
}

function lacking({ name }: LogSource, index: number): PersistenceError {
  return new PersistenceError('COPY_UNUSABLE', `${name} lacks the envelope of leaf ${index}`);
}

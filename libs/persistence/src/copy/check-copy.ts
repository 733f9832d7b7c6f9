import {
  envelopeDigest,
  keyIdOf,
  parseEnvelope,
  signatureOf,
  unverifiedPayload,
  type Envelope,
} from '#libs/attestation';
import { canonicalJson, toBase64 } from '#libs/encoding';
import { checkTiles, hashLeaf, openCheckpoint, TlogError, type Checkpoint } from '#libs/tlog';
import { checkLeaf } from '../fsck/check-leaf.js';
import { keyInEntry } from '../projection/logged-statement.js';
import type { LogCheckRequest } from '../fsck/check-log.js';
import type { LogCheck, LogFinding } from '../fsck/log-finding.js';
import { readLeaves, type LogSource, type SourceLeaf } from './log-source.js';

const KINDS = {
  missing: 'it is missing',
  malformed: 'it is not what its path names',
  'wrong-leaf': 'a hash is not that of its entry',
  'wrong-node': 'a hash is not that of the tile below',
  'wrong-root': 'its root is not that of the entries',
} as const;

/**
 * Verifies a whole copy of a log: the checkpoint by the log's key, every tile and the root by the
 * entries, and every envelope with its signature. Stops at the first thing wrong.
 *
 * Bounds: memory for one bundle of entries and one tile of each level.
 */
export async function checkCopy(
  source: LogSource,
  { origin, verifier, onProgress }: LogCheckRequest,
): Promise<LogCheck> {
  let leaves = 0;
  const ended = (finding: LogFinding | null): LogCheck => ({ leaves, checkpoints: 1, finding });
  let checkpoint: Checkpoint;
  try {
    ({ checkpoint } = openCheckpoint(await source.checkpoint(), [verifier], origin));
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return ended({ code: 'checkpoint', where: 'checkpoint', detail: error.message });
  }
  const fault = await checkTiles({
    ...{ size: checkpoint.size, root: checkpoint.root },
    readTile: (id) => source.tile(id),
    readEntries: (id) => source.tile(id),
  });
  if (fault !== null) {
    const code = fault.kind === 'wrong-root' ? 'checkpoint' : 'tile';
    return ended({ code, where: fault.path, detail: KINDS[fault.kind] });
  }
  for await (const leaf of readLeaves(source, 0, Number(checkpoint.size))) {
    const finding = checkSourceLeaf(leaf);
    if (finding !== null) return ended(finding);
    leaves += 1;
    onProgress?.(leaves);
  }
  return ended(null);
}

/** Holds a leaf against the envelope that the source gave for it. */
export function checkSourceLeaf({ index, entry, body }: SourceLeaf): LogFinding | null {
  const row = { index, entry: Buffer.from(entry), leafHash: Buffer.from(hashLeaf(entry)) };
  const wrong = (detail: string): LogFinding => ({
    ...{ code: 'envelope', where: `leaf ${index}`, detail },
  });
  if (body === null) return wrong('the envelope is missing');
  try {
    const envelopeSha256 = envelopeDigest(parseEnvelope(body));
    const finding = checkLeaf({ ...row, envelopeSha256 }, body);
    if (finding !== null) return finding;
    // A leaf does not cover the key id, nor how base64 is spelt; the name of an envelope does.
    const isOwn = body === spellingOf(parseEnvelope(body), keyInEntry(entry));
    return isOwn ? null : wrong('it is not spelt as the log spells and names envelopes');
  } catch (cause) {
    return wrong(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Writes an envelope as the log spells it: so it is stored, and named by its digest. */
export function spellingOf(envelope: Envelope, key: Uint8Array | null): string {
  return canonicalJson({
    payload: toBase64(unverifiedPayload(envelope)),
    payloadType: envelope.payloadType,
    signatures: [{ keyid: key === null ? '' : keyIdOf(key), sig: toBase64(signatureOf(envelope)) }],
  });
}

import {
  commitmentOf,
  openEnvelope,
  parseEnvelope,
  signatureOf,
  type Envelope,
} from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { hashLeaf, logEntry } from '#libs/tlog';
import type { LogEntryEntity } from '../entities/log-entry.entity.js';
import { keyInEntry } from '../projection/logged-statement.js';
import type { LogFinding, LogFindingCode } from './log-finding.js';

/**
 * Holds a leaf against its envelope: names, digests and the signature, under the key that the leaf
 * names. Whether that key is one to be trusted is for a roster to say, not for a log.
 */
export function checkLeaf(
  row: Pick<LogEntryEntity, 'index' | 'entry' | 'leafHash' | 'envelopeSha256'>,
  body: string | null,
): LogFinding | null {
  const wrong = (code: LogFindingCode, detail: string): LogFinding => ({
    ...{ code, detail },
    where: `leaf ${row.index}`,
  });
  if (!row.leafHash.equals(hashLeaf(row.entry))) {
    return wrong('leaf-hash', 'the stored hash is not that of the stored entry');
  }
  if (body === null) return wrong('envelope', `envelope ${row.envelopeSha256} is not stored`);
  if (sha256(body) !== row.envelopeSha256) {
    return wrong('envelope', `envelope ${row.envelopeSha256} has other bytes`);
  }
  const key = keyInEntry(row.entry);
  const envelope = attempt(() => parseEnvelope(body));
  if (envelope === null) return wrong('envelope', `${row.envelopeSha256} is no envelope`);
  const entry = key === null ? null : attempt(() => entryOf(envelope, key));
  if (key === null || entry === null || !row.entry.equals(entry)) {
    return wrong('entry', 'the entry is not the one of its envelope');
  }
  if (attempt(() => openEnvelope(envelope, key)) === null) {
    return wrong('signature', 'the signature does not verify under the key of the entry');
  }
  return null;
}

function entryOf(envelope: Envelope, publicKey: Uint8Array): Uint8Array {
  const [paeSha256, signature] = [commitmentOf(envelope), signatureOf(envelope)];
  return logEntry({ paeSha256, signature, publicKey });
}

/** What another lib refuses is a finding here, whatever its reason. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

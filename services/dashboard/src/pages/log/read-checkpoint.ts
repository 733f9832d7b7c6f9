/** Who signed a checkpoint, as its note says; nothing is verified here. */
export interface NoteSigner {
  readonly name: string;
  /** When a witness signed, ISO 8601; null for the log's own signature, which tells no time. */
  readonly at: string | null;
}

/** A checkpoint as it stands in its note. */
export interface ReadCheckpoint {
  readonly origin: string;
  readonly size: string;
  /** base64. */
  readonly root: string;
  readonly signers: readonly NoteSigner[];
}

/** Key hash, a time in seconds, and an Ed25519 signature. Source: C2SP tlog-cosignature */
const COSIGNATURE_BYTES = 4 + 8 + 64;
const LATEST_SECONDS = 253_402_300_799;

/** Takes a checkpoint's note apart, to be shown; null where it is none. */
export function readCheckpoint(note: string): ReadCheckpoint | null {
  const [text = '', signatures = ''] = note.split('\n\n', 2);
  const [origin, size, root] = text.split('\n');
  if (origin === undefined || size === undefined || root === undefined) return null;
  const signers = signatures.split('\n').flatMap((line): NoteSigner[] => {
    const [, name, encoded] = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    return name === undefined || encoded === undefined ? [] : [{ name, at: timeOf(encoded) }];
  });
  return { origin, size, root, signers };
}

function timeOf(encoded: string): string | null {
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  if (bytes.length !== COSIGNATURE_BYTES) return null;
  const seconds = Number(new DataView(bytes.buffer).getBigUint64(4));
  return seconds > LATEST_SECONDS ? null : new Date(seconds * 1000).toISOString();
}

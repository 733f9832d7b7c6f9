import type { z } from 'zod';
import {
  BuildLogAnswer,
  isReadableLog,
  MAX_LOG_BYTES,
  type QuestionRefusal,
} from '#libs/contracts';
import { fromBase64, sha256 } from '#libs/encoding';

/** What came of asking for a log. `refused` is for good: it is not the log that the result names. */
export type FetchedLog =
  | { readonly kind: 'stored'; readonly text: Buffer }
  | { readonly kind: 'refused' | 'missing' | 'later'; readonly reason: string };

/** Asks a builder for a piece of its log; rejects where it is away. */
export type PieceAsker = (offset: number) => Promise<unknown>;

/** What is answered so today may be answered otherwise tomorrow. */
const PASSING: ReadonlySet<QuestionRefusal> = new Set([
  'switched-off',
  'not-revealed',
  'busy',
  'timeout',
  'unreadable',
] as const);

/**
 * Reads the log of a build from its builder, piece by piece, and holds it against the digest in the signed
 * result. A builder can be silent; it can have no other text shown than the one that it signed, nor one
 * that is larger than logs are, or that a terminal would obey.
 */
export async function fetchLog(ask: PieceAsker, digest: string): Promise<FetchedLog> {
  const pieces: Uint8Array[] = [];
  let read = 0;
  for (;;) {
    const piece = await askFor(ask, read);
    if ('kind' in piece) return piece;
    const bytes = fromBase64(piece.bytes);
    if (piece.sizeBytes > MAX_LOG_BYTES) return { kind: 'refused', reason: 'too-large' };
    read += bytes.length;
    pieces.push(bytes);
    if (read > piece.sizeBytes) return { kind: 'refused', reason: 'malformed' };
    if (read === piece.sizeBytes) break;
    // One that sends nothing would be asked for ever.
    if (bytes.length === 0) return { kind: 'refused', reason: 'malformed' };
  }
  const text = Buffer.concat(pieces);
  if (sha256(text) !== digest) return { kind: 'refused', reason: 'other-bytes' };
  return isText(text) ? { kind: 'stored', text } : { kind: 'refused', reason: 'not-text' };
}

type Piece = Exclude<z.infer<typeof BuildLogAnswer>, { refused: unknown }>;

async function askFor(ask: PieceAsker, offset: number): Promise<Piece | FetchedLog> {
  let answered: unknown;
  try {
    answered = await ask(offset);
  } catch {
    return { kind: 'later', reason: 'away' };
  }
  const answer = BuildLogAnswer.safeParse(answered);
  if (!answer.success) return { kind: 'refused', reason: 'malformed' };
  if (!('refused' in answer.data)) return answer.data;
  const { refused: reason } = answer.data;
  return { kind: PASSING.has(reason) ? 'later' : 'missing', reason };
}

function isText(bytes: Buffer): boolean {
  try {
    return isReadableLog(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return false;
  }
}

import { LoggedAttestation } from '#libs/contracts';
import { parseVkey, TlogError, type PublicNoteKey } from '#libs/tlog';
import { entrySteps, stepOf } from './entry-steps.js';
import { fetchWhole } from './fetch-whole.js';
import type { Question, Step, Told, Verified } from './protocol.js';
import { Refusal } from './refusal.js';
import { findSignerKeys, readKey } from './signer-keys.js';

type EntryQuestion = Extract<Question, { kind: 'entry' }>;

const MAX_BYTES = 64 * 1024 * 1024;
const LOG_KEY_ADVICE =
  'Paste the verifier key of this log, as a builder or a witness of it was given it.';
const SIGNER_ADVICE = 'Leave it empty, or paste it anew.';

/**
 * Fetches one logged envelope and verifies that it is the one asked for, who signed it, and that it is
 * in the log under a checkpoint that the log signed.
 *
 * @throws Refusal
 */
export async function verifyLogEntry(
  { sha256, vkey, signer }: EntryQuestion,
  tell: (told: Told) => void,
): Promise<Verified> {
  const log = logKeyOf(vkey);
  const given = signer.trim() === '' ? null : readKey(signer);
  if (given === null && signer.trim() !== '') {
    throw new Refusal('the signer’s key is not base64 of 32 bytes', SIGNER_ADVICE);
  }
  const bytes = await fetchWhole(`/v1/attestations/${sha256}`, MAX_BYTES, (size) => {
    tell({ kind: 'fetching', bytes: size });
  });
  tell({ kind: 'verifying', entries: 0 });
  const logged = LoggedAttestation.safeParse(jsonOf(bytes)).data;
  if (logged === undefined) {
    return summed([stepOf('It is read', 'fails', 'this is no logged envelope')]);
  }
  const found = given === null ? await findSignerKeys(logged) : [];
  return summed(entrySteps(logged, { sha256, log, given, found }));
}

function summed(steps: readonly Step[]): Verified {
  const isBad = steps.some(({ state }) => state === 'fails');
  const isWhole = steps.every(({ state }) => state === 'holds');
  const outcome = isBad ? 'bad-evidence' : isWhole ? 'satisfied' : 'undecided';
  return { outcome, steps, policy: null };
}

function logKeyOf(vkey: string): PublicNoteKey {
  try {
    return parseVkey(vkey.trim());
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new Refusal(cause.message, LOG_KEY_ADVICE, { cause });
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

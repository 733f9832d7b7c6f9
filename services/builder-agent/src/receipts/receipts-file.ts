import { join } from 'node:path';
import { keyIdOf, type Envelope, type RosterEntry } from '#libs/attestation';
import { RECEIPTS_TYPE, type ReceiptsHeader, type ReceiptsLine } from '#libs/contracts';
import { canonicalJson, fromBase64, sha256, toBase64 } from '#libs/encoding';
import { TlogError, verifyProofFile } from '#libs/tlog';
import { isOpenedBy, type Coordinator } from '../jobs/coordinator-identity.js';
import { readIfThere } from '../jobs/durable-file.js';
import { JobStoreService, type HeldEnvelope } from '../jobs/job-store.service.js';
import { entryOf } from '../jobs/log-entry.js';

/** What an agent gives out for the restore of a log. */
export interface ReceiptsFile {
  /** JSON Lines: see `ReceiptsLine` of libs/contracts. */
  readonly text: string;
  readonly envelopes: number;
  /** How many of them come with the proof of their place. */
  readonly receipts: number;
  /** Envelopes that are left out: no roster here names the key that signed them. */
  readonly unknown: number;
}

/**
 * Collects every envelope of one log that an agent's folder holds, with its receipt, and the newest
 * checkpoint that this agent verified. Rounds that another coordinator's key opened are left out, and so
 * are receipts that do not hold: one of them would have the whole file refused. Nothing in it is secret:
 * it is what the log was sent, or what it sent.
 *
 * Bounds: memory for all of it; a round's are some kilobytes.
 */
export async function receiptsFile(
  stateDir: string,
  coordinator: Coordinator,
): Promise<ReceiptsFile> {
  const { origin, publicKey } = coordinator;
  const store = new JobStoreService({ STATE_DIR: stateDir });
  // An agent keeps its jobs when its coordinator begins another log.
  const jobs = (await store.all()).filter(({ dispatch }) => isOpenedBy(dispatch, coordinator));
  const keys = keysOf(
    jobs.map(({ open }) => open.roster),
    publicKey,
  );
  const lines: (ReceiptsHeader | ReceiptsLine)[] = [{ receipts: RECEIPTS_TYPE, origin }];
  let unknown = 0;
  for (const { round } of jobs) {
    for (const each of await store.held(round)) {
      const { envelope } = each;
      const signer = keys.get(keyIdIn(envelope));
      if (signer === undefined) unknown += 1;
      else {
        const proof = holds(each, signer, coordinator) ? each.receipt : null;
        lines.push({ type: 'envelope', publicKey: signer, envelope, proof });
      }
    }
  }
  const note = await readIfThere(join(stateDir, 'witness', sha256(origin)));
  if (note !== null) lines.push({ type: 'checkpoint', note });
  const envelopes = lines.filter((line) => 'type' in line && line.type === 'envelope');
  return {
    text: lines.map((line) => `${canonicalJson(line)}\n`).join(''),
    envelopes: envelopes.length,
    receipts: envelopes.filter((line) => 'proof' in line && line.proof !== null).length,
    unknown,
  };
}

/** An envelope names its key by digest only; rosters have them whole, newer ones those of later. */
function keysOf(
  rosters: readonly (readonly RosterEntry[])[],
  coordinator: Uint8Array,
): ReadonlyMap<string, string> {
  const named = rosters.flat().flatMap(({ builders }) => builders.map((it) => it.publicKey));
  return new Map(
    [...named, toBase64(coordinator)].map((key) => [keyIdOf(fromBase64(key)), key] as const),
  );
}

function holds(
  { envelope, receipt }: HeldEnvelope,
  signer: string,
  { origin, verifier }: Coordinator,
): boolean {
  try {
    const entry = entryOf(envelope, fromBase64(signer));
    verifyProofFile({ text: receipt ?? '', entry, verifiers: [verifier], origin });
    return true;
  } catch (error) {
    if (error instanceof TlogError) return false;
    throw error;
  }
}

function keyIdIn({ signatures: [signature] }: Envelope): string {
  return signature?.keyid ?? '';
}

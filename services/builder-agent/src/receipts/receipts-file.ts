import { join } from 'node:path';
import { keyIdOf, type Envelope, type RosterEntry } from '#libs/attestation';
import { RECEIPTS_TYPE, type ReceiptsHeader, type ReceiptsLine } from '#libs/contracts';
import { canonicalJson, fromBase64, sha256, toBase64 } from '#libs/encoding';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import { readIfThere } from '../jobs/durable-file.js';
import { JobStoreService } from '../jobs/job-store.service.js';

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
 * Collects every envelope that an agent's folder holds, with its receipt, and the newest checkpoint that
 * this agent verified. Nothing in it is secret: it is what the log was sent, or what it sent.
 *
 * Bounds: memory for all of it; a round's are some kilobytes.
 */
export async function receiptsFile(
  stateDir: string,
  { origin, publicKey }: Coordinator,
): Promise<ReceiptsFile> {
  const store = new JobStoreService({ STATE_DIR: stateDir });
  const jobs = await store.all();
  const keys = keysOf(
    jobs.map(({ open }) => open.roster),
    publicKey,
  );
  const lines: (ReceiptsHeader | ReceiptsLine)[] = [{ receipts: RECEIPTS_TYPE, origin }];
  let unknown = 0;
  for (const { round } of jobs) {
    for (const { envelope, receipt } of await store.held(round)) {
      const signer = keys.get(keyIdIn(envelope));
      if (signer === undefined) unknown += 1;
      else lines.push({ type: 'envelope', publicKey: signer, envelope, proof: receipt });
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

function keyIdIn({ signatures: [signature] }: Envelope): string {
  return signature?.keyid ?? '';
}

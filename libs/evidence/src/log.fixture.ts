import { createPrivateKey, sign } from 'node:crypto';
import {
  commitmentOf,
  createSigner,
  signatureOf,
  signStatement,
  type Envelope,
  type Signer,
  type Statement,
} from '#libs/attestation';
import {
  addSignatures,
  appendLeaves,
  cosign,
  ed25519Signer,
  EMPTY_FRONTIER,
  formatCheckpoint,
  formatCosignerVkey,
  formatVkey,
  hashLeaf,
  logEntry,
  rootAt,
  signNote,
  type ReadNode,
} from '#libs/tlog';
import type { EntryKind } from './bundle-line.js';
import type { LoggedEnvelope } from './bundle-source.js';

/** The log of all fixtures. */
export const ORIGIN = 'log.example/quorum';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The same signatures as `createSigner`'s, by node:crypto: whole rounds sign a lot. */
export function quickSigner(seed: number): Signer {
  const raw = Buffer.alloc(32);
  raw.writeUInt32BE(seed + 1, 28);
  const der = Buffer.concat([PKCS8_PREFIX, raw]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { ...createSigner(raw), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

/** Who signs the log of all fixtures, and opens, closes and decides its rounds. */
export const COORDINATOR = quickSigner(9_000);
/** The verifier key that auditors pin. */
export const LOG_VKEY = formatVkey(ORIGIN, COORDINATOR.publicKey);

/** Four witnesses, of which three suffice. */
export const WITNESSES = ['w1', 'w2', 'w3', 'w4'].map((name, at) => ({
  name,
  signer: quickSigner(9_100 + at),
}));

/** The tlog-policy of the fixtures' witnesses. */
export const WITNESS_POLICY = [
  `log ${LOG_VKEY}`,
  ...WITNESSES.map(
    ({ name, signer }) => `witness ${name} ${formatCosignerVkey(name, signer.publicKey)}`,
  ),
  'group enough 3 w1 w2 w3 w4',
  'quorum enough',
  '',
].join('\n');

/** A log in memory that keeps whatever it is given, in order. */
export class MemoryLog {
  readonly entries: LoggedEnvelope[] = [];

  constructor(readonly coordinator: Signer = COORDINATOR) {}

  get size(): number {
    return this.entries.length;
  }

  /** Signs a statement and appends it; gives its index. */
  append(kind: EntryKind, statement: Statement, signer: Signer = this.coordinator): number {
    return this.appendEnvelope(kind, signStatement(statement, signer), signer.publicKey);
  }

  appendEnvelope(kind: EntryKind, envelope: Envelope, publicKey: Uint8Array): number {
    return this.entries.push({ index: this.entries.length, kind, envelope, publicKey }) - 1;
  }

  /** A log that shares this one's past. */
  fork(): MemoryLog {
    const fork = new MemoryLog(this.coordinator);
    fork.entries.push(...this.entries);
    return fork;
  }

  reader(): ReadNode {
    const leaves = this.entries.map(({ envelope, publicKey }) =>
      hashLeaf(
        logEntry({
          paeSha256: commitmentOf(envelope),
          signature: signatureOf(envelope),
          publicKey,
        }),
      ),
    );
    const { nodes } = appendLeaves(EMPTY_FRONTIER, leaves);
    const held = new Map(nodes.map((node) => [`${node.level}/${String(node.index)}`, node.hash]));
    return ({ level, index }) => held.get(`${level}/${String(index)}`);
  }

  /** Signs a checkpoint over the first `size` entries, with the first `count` witnesses' cosignatures. */
  note(count = 4, size = this.size): string {
    const root = rootAt(BigInt(size), this.reader());
    const text = formatCheckpoint({ origin: ORIGIN, size: BigInt(size), root });
    const log = ed25519Signer(ORIGIN, this.coordinator.publicKey, (message) =>
      this.coordinator.sign(message),
    );
    const note = signNote(text, [log]);
    const lines = WITNESSES.slice(0, count).map(({ name, signer }) =>
      cosign(text, {
        ...{ name, publicKey: signer.publicKey, timeS: 1_767_330_000 },
        sign: (message) => signer.sign(message),
      }),
    );
    return addSignatures(note, lines);
  }
}

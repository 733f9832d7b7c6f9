import {
  commitmentOf,
  Envelope,
  envelopeDigest,
  parseEnvelope,
  parseStatement,
  readKeyEvent,
  signatureOf,
  unverifiedPayload,
} from '#libs/attestation';
import { ProposalEvidence, ReceiptsHeader, ReceiptsLine } from '#libs/contracts';
import { fromBase64, sha256, toHex } from '#libs/encoding';
import { openBundle, parseBundle } from '#libs/evidence';
import { PersistenceError, spellingOf, type ProposalCopy } from '#libs/persistence';
import {
  hashLeaf,
  inclusionRanges,
  logEntry,
  openCheckpoint,
  parseProofFile,
  verifyProofFile,
  type Checkpoint,
  type NoteVerifier,
} from '#libs/tlog';
import { KnownRanges } from './known-ranges.js';

/** A file that somebody gave for the restore. */
export interface HeldFile {
  readonly name: string;
  readonly text: string;
}

/** The log that is to be refilled. */
export interface HeldLog {
  readonly origin: string;
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
  readonly verifier: NoteVerifier;
}

/** An envelope that somebody holds, as the log has it. */
export interface HeldLeaf {
  readonly entry: Uint8Array;
  readonly leafHash: Uint8Array;
  /** As the log spells it. */
  readonly body: string;
  readonly envelopeSha256: string;
}

/** What a number of files hold of one log; everything that stands in `proven` and `ranges` is so. */
export class Holdings {
  /** By the hash of the leaf. */
  readonly leaves = new Map<string, HeldLeaf>();
  readonly proven = new Map<number, Uint8Array>();
  readonly ranges = new KnownRanges();
  /** Payloads and certificates, by the digest of the payload. */
  readonly proposals = new Map<string, ProposalCopy>();
  /** The largest checkpoint that any file has. */
  newest: { readonly note: string; readonly checkpoint: Checkpoint } | null = null;

  constructor(private readonly log: HeldLog) {}

  /**
   * Takes in a file: what an agent gave out, a round's bundle, a proposal as the coordinator serves it,
   * or a record of a key.
   *
   * @throws PersistenceError COPY_UNUSABLE for a file that is none of these, is of another log, or has
   *   a proof that does not hold
   */
  async take({ name, text }: HeldFile): Promise<void> {
    try {
      const header = ReceiptsHeader.safeParse(jsonOf(text.split('\n', 1)[0] ?? ''));
      const whole = jsonOf(text);
      if (header.success) {
        this.takeReceipts(header.data, text);
      } else if (whole === undefined) {
        await this.takeBundle(text);
      } else if (!this.takeProposal(whole) && !this.takeRecord(whole)) {
        throw new Error('it is no receipts, no bundle, no proposal and no record of a key');
      }
    } catch (cause) {
      if (cause instanceof PersistenceError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `${name} cannot be used, leave it out or get it anew: ${why.slice(0, 300)}`;
      throw new PersistenceError('COPY_UNUSABLE', message, { cause });
    }
  }

  private takeReceipts({ origin }: ReceiptsHeader, text: string): void {
    if (origin !== this.log.origin) throw new Error(`it is of log ${origin}`);
    for (const line of text.split('\n').slice(1)) {
      if (line === '') continue;
      const held = ReceiptsLine.parse(JSON.parse(line));
      if (held.type === 'checkpoint') {
        this.takeNote(held.note);
      } else {
        const leaf = this.takeEnvelope(held.envelope, fromBase64(held.publicKey));
        if (held.proof !== null) this.takeProof(leaf, held.proof);
      }
    }
  }

  private takeProposal(whole: unknown): boolean {
    const parsed = ProposalEvidence.safeParse(whole);
    if (!parsed.success) return false;
    const { nnsFunction, payload, evidence } = parsed.data;
    if (payload === null) throw new Error('the proposal has no payload');
    this.proposals.set(sha256(fromBase64(payload)), { nnsFunction, payload, evidence });
    return true;
  }

  /** Operators keep what they had logged of their builders' keys. */
  private takeRecord(whole: unknown): boolean {
    const parsed = Envelope.safeParse(whole);
    if (!parsed.success) return false;
    const statement = parseStatement(unverifiedPayload(parsed.data));
    const { operator } = readKeyEvent(statement).said;
    this.takeEnvelope(parsed.data, fromBase64(operator.publicKey));
    return true;
  }

  private async takeBundle(text: string): Promise<void> {
    const { origin: name, publicKey, verifier } = this.log;
    const parsed = parseBundle(text);
    const bundle = await openBundle(parsed, [{ name, publicKey, keyId: verifier.keyId }]);
    const [fault] = bundle.findings;
    if (fault !== undefined) throw new Error(`${fault.code}: ${fault.message}`);
    for (const { index, envelope, publicKey: key } of bundle.entries) {
      this.place(index, this.takeEnvelope(envelope, key).leafHash);
    }
    for (const line of parsed.lines) if (line.type === 'checkpoint') this.takeNote(line.note);
    if (bundle.proposal === null) return;
    const { nnsFunction, payload, evidence } = bundle.proposal;
    this.proposals.set(sha256(fromBase64(payload)), { nnsFunction, payload, evidence });
  }

  private takeEnvelope(envelope: Envelope, key: Uint8Array): HeldLeaf {
    const body = spellingOf(envelope, key);
    const entry = logEntry({
      ...{ paeSha256: commitmentOf(envelope), signature: signatureOf(envelope), publicKey: key },
    });
    const leafHash = hashLeaf(entry);
    const envelopeSha256 = envelopeDigest(parseEnvelope(body));
    const leaf = { entry, leafHash, body, envelopeSha256 };
    this.leaves.set(toHex(leafHash), leaf);
    return leaf;
  }

  private takeProof({ leafHash }: HeldLeaf, text: string): void {
    const { origin, verifier } = this.log;
    const { index, size } = verifyProofFile({ text, leafHash, verifiers: [verifier], origin });
    this.place(Number(index), leafHash);
    const { proof, checkpoint } = parseProofFile(text);
    this.takeNote(checkpoint);
    for (const [at, range] of inclusionRanges(index, size).entries()) {
      this.ranges.add(range, proof[at] ?? new Uint8Array());
    }
  }

  private place(index: number, leafHash: Uint8Array): void {
    this.ranges.add({ begin: BigInt(index), end: BigInt(index) + 1n }, leafHash);
    this.proven.set(index, leafHash);
  }

  private takeNote(note: string): void {
    const { origin, verifier } = this.log;
    const { checkpoint } = openCheckpoint(note, [verifier], origin);
    if (checkpoint.size === 0n) return;
    this.ranges.add({ begin: 0n, end: checkpoint.size }, checkpoint.root);
    if (this.newest !== null && this.newest.checkpoint.size >= checkpoint.size) return;
    this.newest = { note, checkpoint };
  }
}

/** Gives what one JSON text says; undefined for what is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { quote, toHex } from '#libs/encoding';
import { PersistenceError } from '#libs/persistence';
import {
  cosignatureVerifier,
  formatAddCheckpoint,
  parseCosignatureLines,
  parseTreeSize,
  TlogError,
  verifyCosignature,
  type NoteVerifier,
  type PolicyWitness,
} from '#libs/tlog';
import type { AskWitness } from './ask-witness.js';
import type { LogHead, ShownTree } from './log-head.js';

/** So often a witness is asked about one tree while it says to have more each time, which it may make up. */
const MOST_QUESTIONS = 9;

/** What came of asking. `known`: it has cosigned this tree already. */
export type AskOutcome = 'cosigned' | 'known' | 'overtaken';

/** A witness answered with something that is no cosignature, and no reason to ask again at once. */
export class WitnessRefusedError extends Error {
  override readonly name = 'WitnessRefusedError';
}

/**
 * Asks one witness for its word on the newest checkpoint. Its answers are a stranger's: a cosignature
 * is verified before it is kept, and a size is believed only as a reason to ask again, or to stop.
 */
export class WitnessAsker {
  private readonly id: string;
  private readonly verifier: NoteVerifier;
  /** Where this witness stands, as it told last; null until it was asked. */
  private size: number | null = null;
  private cosigned: number | null = null;

  constructor(
    readonly witness: PolicyWitness,
    private readonly ask: AskWitness,
    private readonly head: LogHead,
  ) {
    this.id = toHex(witness.key.publicKey);
    this.verifier = cosignatureVerifier(witness.key.name, witness.key.publicKey);
  }

  /** The largest tree that it cosigned since this process began; null before the first. */
  get cosignedSize(): number | null {
    return this.cosigned;
  }

  /**
   * Asks, and again where the witness says from where it wants a proof: more than once where others have it
   * cosign more meanwhile.
   *
   * @throws PersistenceError LOG_BEHIND when it has seen a tree that the stored one does not contain,
   *   LOG_CORRUPT when the stored one cannot be shown to contain what it has seen
   * @throws WitnessRefusedError, TlogError, or what the way to it throws: to be tried again later
   */
  async askOnce(): Promise<AskOutcome> {
    const tree = await this.head.newest();
    if (this.cosigned === tree.size) return 'known';
    const stored = await this.head.lastCosigned(this.id);
    // Another coordinator has asked. At the start it is asked all the same: a database that was brought
    // back has its cosignatures too, and only the witness knows of a longer log.
    if (this.size !== null && stored >= tree.size) {
      this.size = tree.size;
      this.cosigned = tree.size;
      return 'known';
    }
    let from = Math.min(this.size ?? stored, tree.size);
    for (let asked = 1; asked <= MOST_QUESTIONS; asked += 1) {
      const told = await this.request(tree, from);
      if (told === null) return 'cosigned';
      if (told > BigInt(tree.size)) {
        await this.requireStored(told);
        return 'overtaken';
      }
      // Others had it cosign this very tree meanwhile; where they kept nothing of it, it is asked again soon.
      if (asked > 1 && told === BigInt(tree.size)) return 'overtaken';
      // What it told at first may be less than it once had. What it tells then only grows, where it is true.
      if (asked > 1 && told <= BigInt(from)) break;
      from = Number(told);
    }
    throw new WitnessRefusedError('it says each time that it has another size');
  }

  /** Sends one request; gives the size that the witness says to have instead, null once it cosigned. */
  private async request(tree: ShownTree, oldSize: number): Promise<bigint | null> {
    const proof = await this.head.proof(oldSize, tree.size);
    const request = { oldSize: BigInt(oldSize), proof, checkpoint: tree.note };
    const { status, body } = await this.ask(formatAddCheckpoint(request));
    switch (status) {
      case 200:
        await this.head.keep(tree.size, this.id, this.ownLine(tree, body));
        this.size = tree.size;
        this.cosigned = tree.size;
        return null;
      case 409: {
        // By C2SP another root at its own size is a 409 too, of which it does not say what it tells.
        const told = isSize(body) ? parseTreeSize(body) : BigInt(oldSize);
        if (oldSize === tree.size && told === BigInt(oldSize)) throw this.contradicted(oldSize);
        if (told <= BigInt(tree.size)) this.size = Number(told);
        return told;
      }
      case 422:
        throw this.contradicted(oldSize);
      default:
        throw new WitnessRefusedError(`it answered ${status}: ${quote(body.slice(0, 200))}`);
    }
  }

  private ownLine({ note }: ShownTree, body: string): string {
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
    for (const line of parseCosignatureLines(body)) {
      try {
        verifyCosignature(text, line, this.verifier);
        return line;
      } catch (error) {
        // A witness may have keys that nobody here knows.
        if (!(error instanceof TlogError) || error.code !== 'NO_KNOWN_SIGNATURE') throw error;
      }
    }
    throw new WitnessRefusedError('none of its lines is of the key in the policy');
  }

  /** Another coordinator on this database may have published meanwhile; else leaves were lost. */
  private async requireStored(told: bigint): Promise<void> {
    const { size } = await this.head.newest();
    if (told <= BigInt(size)) return;
    throw new PersistenceError(
      'LOG_BEHIND',
      `witness ${quote(this.witness.name)} has seen ${String(told)} leaves of this log, and ${size} are signed here: bring the newer database back`,
    );
  }

  private contradicted(size: number): PersistenceError {
    return new PersistenceError(
      'LOG_BEHIND',
      `witness ${quote(this.witness.name)} has seen another tree of ${size} leaves than the one that is stored here: bring the database back that it was signed from`,
    );
  }
}

function isSize(body: string): boolean {
  return /^\d{1,20}\n$/.test(body);
}

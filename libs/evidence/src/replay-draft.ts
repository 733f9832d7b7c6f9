import {
  AttestationError,
  type KeyHistory,
  type RosterEntry,
  type RoundOpen,
  type VerdictRefusal,
} from '#libs/attestation';
import {
  advance,
  ConsensusError,
  type Claim,
  type Phase,
  type RoundEvent,
  type Transition,
} from '#libs/consensus';
import { fromBase64 } from '#libs/encoding';
import type { OpenedEntry } from './entry.js';
import type { Finding, FindingCode } from './finding.js';
import type { OtherRound, ShownResult, ShownReveal } from './replay.js';

/** A builder's place on the roster. */
export interface Seat {
  readonly builder: string;
  readonly publicKey: Uint8Array;
  /** Base64, as the roster has it. */
  readonly keyText: string;
  readonly keyIndex: number | null;
  /** Base64 of the operator's key, where the roster names it. */
  readonly operatorKey: string | null;
}

/**
 * A round while its entries are read. Unlike `applyEntry` it grows in place, since a bundle may hold
 * ten thousand of them; a property holds both equal.
 */
export class ReplayDraft {
  phase: Phase = 'open';
  roster: readonly RosterEntry[];
  closeIndex: number | null = null;
  verdict: OpenedEntry | null = null;
  readonly commits = new Map<string, string>();
  /** Builders that declined and have not committed since. */
  readonly declined = new Set<string>();
  readonly commitIndexes = new Map<string, number>();
  /** Who was the first to commit, by commitment. */
  readonly committers = new Map<string, string>();
  /** Commitments of builders that committed too late: they bind, and nothing that opens them counts. */
  readonly tooLate = new Map<string, string>();
  /** Those of them that committed before the verdict, which has to name them. */
  readonly late = new Set<string>();
  readonly claims = new Map<string, Claim>();
  readonly results = new Map<string, ShownResult>();
  /** Builders that showed a result, counted or not. */
  readonly shown = new Set<string>();
  readonly reveals = new Map<string, ShownReveal>();
  readonly inputs: OpenedEntry[] = [];
  readonly countersignatures = new Map<string, OpenedEntry>();
  readonly refusals: VerdictRefusal[] = [];
  readonly others: OtherRound[] = [];
  readonly findings: Finding[] = [];
  readonly #seats = new Map<string, Seat>();

  constructor(
    readonly round: string,
    readonly coordinator: Uint8Array,
    readonly open: RoundOpen,
    readonly history: KeyHistory,
  ) {
    this.roster = open.roster;
    this.seat(open.roster);
  }

  /** Seats builders: those of RoundOpen, or those that an amendment adds. */
  seat(added: readonly RosterEntry[]): void {
    for (const { publicKey: operatorKey = null, builders } of added) {
      for (const { builder, publicKey: keyText, keyIndex = null } of builders) {
        const publicKey = fromBase64(keyText);
        this.#seats.set(builder, { builder, publicKey, keyText, keyIndex, operatorKey });
      }
    }
  }

  seatOf(builder: string): Seat | null {
    return this.#seats.get(builder) ?? null;
  }

  seats(): Iterable<Seat> {
    return this.#seats.values();
  }

  find(code: FindingCode, message: string, { line, index }: Pick<Finding, 'line' | 'index'>): void {
    this.findings.push({ code, message, line, index });
  }

  /** Applies the life of a round; what it forbids is a finding, and null. */
  move(event: RoundEvent, code: FindingCode, entry: OpenedEntry): Transition | null {
    try {
      const transition = advance(this.phase, event, this.open.blind);
      this.phase = transition.to;
      return transition;
    } catch (error) {
      if (!(error instanceof ConsensusError)) throw error;
      this.find(code, error.message, entry);
      return null;
    }
  }

  /** Reads what an entry says; what it cannot say is a finding, and null. */
  attempt<T>(code: FindingCode, entry: OpenedEntry, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error;
      this.find(code, `${error.code}: ${error.message}`, entry);
      return null;
    }
  }

  isByCoordinator({ publicKey }: OpenedEntry): boolean {
    return Buffer.compare(publicKey, this.coordinator) === 0;
  }
}

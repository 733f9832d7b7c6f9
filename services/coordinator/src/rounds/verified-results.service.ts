import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Result } from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';

const KEPT_BYTES = 64 * 1024 ** 2;

/** Results that need not be verified once more. */
export interface KnownResults {
  /** Gives what is known under an envelope's name: then what is stored under it is not even read. */
  named(digest: string, publicKey: Uint8Array): Result | undefined;
  /** Gives what these very bytes say, if they were verified by this very key. */
  read(body: string, publicKey: Uint8Array): Result | undefined;
  /** Remembers what bytes said that were verified by this key. */
  keep(body: string, publicKey: Uint8Array, result: Result): void;
}

interface Verified {
  readonly publicKey: string;
  readonly result: Result;
  readonly sizeBytes: number;
}

/**
 * Results whose signatures this process has verified, by the digest of their envelopes' bytes: a tally
 * reads all of its round's results again, most of them within seconds after they came, and a report
 * reads them whenever anybody asks. All who ask are given the same object, so that it is frozen.
 */
@Injectable()
export class VerifiedResultsService implements KnownResults {
  /**
   * The same for whoever shows what is stored: each envelope is read, and known only as the very bytes
   * that were verified, so that a row that was rewritten is noticed.
   */
  readonly asStored: KnownResults = {
    named: () => undefined,
    read: (body, publicKey) => this.named(sha256(body), publicKey),
    keep: (body, publicKey, result) => {
      this.keep(body, publicKey, result);
    },
  };
  private readonly kept = new LRUCache<string, Verified>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ sizeBytes }) => sizeBytes,
  });

  /** Remembers what a verified envelope says; `body` is its canonical JSON, named by its digest. */
  add(
    { sha256: digest, body, publicKey }: { sha256: string; body: string; publicKey: Uint8Array },
    result: Result,
  ): void {
    const kept = { publicKey: toBase64(publicKey), result: freeze(result), sizeBytes: body.length };
    this.kept.set(digest, kept);
  }

  /**
   * Gives what the envelope of this name says, if it was verified by this very key; undefined otherwise.
   * What is stored under the name is not looked at: a row that was tampered with changes no vote.
   */
  named(digest: string, publicKey: Uint8Array): Result | undefined {
    const verified = this.kept.get(digest);
    return verified?.publicKey === toBase64(publicKey) ? verified.result : undefined;
  }

  read(body: string, publicKey: Uint8Array): Result | undefined {
    return this.named(sha256(body), publicKey);
  }

  keep(body: string, publicKey: Uint8Array, result: Result): void {
    this.add({ sha256: sha256(body), body, publicKey }, result);
  }
}

/** Freezes what JSON gave, however deep. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}

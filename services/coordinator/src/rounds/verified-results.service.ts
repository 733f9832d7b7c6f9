import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Result } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';

const KEPT_BYTES = 64 * 1024 ** 2;

interface Verified {
  readonly publicKey: string;
  readonly result: Result;
  readonly sizeBytes: number;
}

/**
 * Results whose signatures this process has verified, by the digest of their envelopes: a tally reads
 * all of its round's results again, most of them within seconds after they came.
 */
@Injectable()
export class VerifiedResultsService {
  private readonly kept = new LRUCache<string, Verified>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ sizeBytes }) => sizeBytes,
  });

  /** Remembers what a verified envelope says; `body` is its canonical JSON, named by its digest. */
  add(
    { sha256: digest, body, publicKey }: { sha256: string; body: string; publicKey: Uint8Array },
    result: Result,
  ): void {
    this.kept.set(digest, { publicKey: toBase64(publicKey), result, sizeBytes: body.length });
  }

  /**
   * Gives what the envelope of this name says, if it was verified by this very key; undefined otherwise.
   * What is stored under the name is not looked at: a row that was tampered with changes no vote.
   */
  find(digest: string, publicKey: Uint8Array): Result | undefined {
    const verified = this.kept.get(digest);
    return verified?.publicKey === toBase64(publicKey) ? verified.result : undefined;
  }
}

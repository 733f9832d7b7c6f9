import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { openEnvelope, type Envelope } from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';

const KEPT_BYTES = 16 * 1024 ** 2;

/**
 * Payloads of envelopes whose signatures this process has verified: found again by a digest over all of
 * the envelope and the key that it was verified by, so that one that was rewritten is verified anew.
 */
@Injectable()
export class OpenedEnvelopesService {
  private readonly opened = new LRUCache<string, Uint8Array>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ length }) => length + 256,
  });

  /**
   * Verifies an envelope's signature unless it was verified by this very key, and gives its payload.
   * Nobody may write into it: it is given to all who ask.
   *
   * @throws AttestationError MALFORMED_ENVELOPE, BAD_SIGNATURE, BAD_KEY
   */
  open(envelope: Envelope, publicKey: Uint8Array): Uint8Array {
    const name = sha256(JSON.stringify([envelope, toBase64(publicKey)]));
    const known = this.opened.get(name);
    if (known !== undefined) return known;
    const payload = openEnvelope(envelope, publicKey);
    this.opened.set(name, payload);
    return payload;
  }
}

import { createHash } from 'node:crypto';
import { initializeTSA } from '@sigstore/mock/dist/timestamp/index.js';
import { createKeyPair, toBuffer } from './key-pair.js';

/** Says when it saw a signature. */
export interface TimestampAuthority {
  /** DER, its own first. */
  readonly certificates: readonly Buffer[];
  /** Gives an RFC 3161 response about a signature, as GitHub's authority writes them. */
  stamp(signature: Buffer, at: Date): Promise<Buffer>;
}

const SHA256_OID = '2.16.840.1.101.3.4.2.1';
/** Makes an authority with a new key. */
export async function createTimestampAuthority(): Promise<TimestampAuthority> {
  const key = createKeyPair();
  const { intCertificate, rootCertificate } = await initializeTSA(key);
  return {
    certificates: [toBuffer(intCertificate), toBuffer(rootCertificate)],
    async stamp(signature, at) {
      const authority = await initializeTSA(key, at);
      return toBuffer(
        await authority.timestamp({
          artifactHash: createHash('sha256').update(signature).digest(),
          hashAlgorithmOID: SHA256_OID,
          nonce: 1,
          policyOID: '1.3.6.1.4.1.57264.2',
        }),
      );
    },
  };
}

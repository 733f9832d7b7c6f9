import { createHash } from 'node:crypto';
import { encodeKey, type KeyPair } from './key-pair.js';

/** `trusted_root.json`, one line of what `gh attestation trusted-root` writes. */
export interface TrustedRoot {
  readonly mediaType: string;
  readonly tlogs?: readonly LogInstance[];
  readonly certificateAuthorities: readonly Authority[];
  readonly ctlogs?: readonly LogInstance[];
  readonly timestampAuthorities?: readonly Authority[];
}

interface Authority {
  readonly subject: { readonly organization: string; readonly commonName: string };
  readonly uri: string;
  readonly certChain: { readonly certificates: readonly { readonly rawBytes: string }[] };
  readonly validFor: { readonly start: string };
}

interface LogInstance {
  readonly baseUrl: string;
  readonly hashAlgorithm: string;
  readonly publicKey: {
    readonly rawBytes: string;
    readonly keyDetails: string;
    readonly validFor: { readonly start: string };
  };
  readonly logId: { readonly keyId: string };
}

export const TRUSTED_ROOT_MEDIA_TYPE = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
const VALID_FOR = { start: '2021-01-12T11:53:27.000Z' };

/** Describes an authority by its certificates, its own first. */
export function describeAuthority(name: string, chain: readonly Uint8Array[]): Authority {
  return {
    subject: { organization: 'stand-in.test', commonName: name },
    uri: `https://${name}.stand-in.test`,
    certChain: {
      certificates: chain.map((raw) => ({ rawBytes: Buffer.from(raw).toString('base64') })),
    },
    validFor: VALID_FOR,
  };
}

/** Describes a log by its key; a log's id is the digest of it. */
export function describeLog(key: KeyPair, baseUrl: string): LogInstance {
  const der = encodeKey(key);
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: der.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: VALID_FOR,
    },
    logId: { keyId: createHash('sha256').update(der).digest('base64') },
  };
}

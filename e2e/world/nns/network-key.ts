import { createHash } from 'node:crypto';
import { domain_sep } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { bls12_381 } from '@noble/curves/bls12-381.js';

/** The DER head of a BLS12-381 key in G2. Source: IC interface specification, "Certificates" */
const DER_PREFIX = '308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100';

const bls = bls12_381.shortSignatures;

/** The key of a subnet, or of a whole network: signs state roots. */
export interface NetworkKey {
  /** DER, 133 bytes. */
  readonly publicKey: Uint8Array;
  readonly subnetId: Principal;
  sign(stateRoot: Uint8Array): Uint8Array;
}

/** Makes a key; the same `seed` makes the same one. */
export function createNetworkKey(seed: string): NetworkKey {
  const secret = new Uint8Array(createHash('sha256').update(seed).digest());
  secret[0] = 0; // below the order of the curve
  const point = bls.getPublicKey(secret).toBytes(true);
  const publicKey = new Uint8Array(Buffer.concat([Buffer.from(DER_PREFIX, 'hex'), point]));
  return {
    publicKey,
    subnetId: Principal.selfAuthenticating(publicKey),
    sign(stateRoot) {
      const message = new Uint8Array(Buffer.concat([domain_sep('ic-state-root'), stateRoot]));
      return bls.Signature.toBytes(bls.sign(bls.hash(message), secret));
    },
  };
}

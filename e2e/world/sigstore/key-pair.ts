import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A key of the stand-in's: of an authority, or of one signature. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Makes a new P-256 key. */
export function createKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

/** Encodes a public key as DER. */
export function encodeKey({ publicKey }: KeyPair): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' });
}

/** Bytes as `@sigstore/mock` gives them. */
export function toBuffer(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

// A module of its own: pages that verify nothing load nothing of it.
export { createPublicKey, KeyObject, verify } from './ed25519.js';

type Data = Uint8Array | string;

const bytesOf = (data: Data): Uint8Array => (typeof data === 'string' ? utf8ToBytes(data) : data);

function refuse(what: string): never {
  throw new TypeError(`${what} is not to be had in a browser: pages verify, and sign nothing`);
}

/** As node:crypto's, of SHA-256 alone. */
export function hash(
  algorithm: string,
  data: Data,
  form: 'hex' | 'buffer' | 'binary' = 'hex',
): string | Uint8Array {
  if (algorithm !== 'sha256') refuse(algorithm);
  const digest = sha256(bytesOf(data));
  switch (form) {
    case 'hex':
      return bytesToHex(digest);
    case 'buffer':
      return digest;
    case 'binary':
      return String.fromCharCode(...digest);
  }
}

export const createPrivateKey = (): never => refuse('a private key');
export const generateKeyPairSync = (): never => refuse('a private key');
export const sign = (): never => refuse('signing');
export const createCipheriv = (): never => refuse('encryption');
export const createDecipheriv = (): never => refuse('encryption');
export const scryptSync = (): never => refuse('scrypt');
export const createHash = (): never => refuse('createHash');

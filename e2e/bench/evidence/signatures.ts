import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { builderIdOf, keyIdOf, spkiOf, type Signer } from '#libs/attestation';

/** As many verifications as are under way at a time: more is no faster on two processors. */
const IN_FLIGHT = 64;

/** One signature as the bare crypto call takes it. */
export interface Signature {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Makes a signer that is as fast as the platform's: thousands of signatures are to be made. */
export function makeFastSigner(): Signer {
  const { privateKey, publicKey: key } = generateKeyPairSync('ed25519');
  const publicKey = new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-32));
  return {
    publicKey,
    keyId: keyIdOf(publicKey),
    id: builderIdOf(publicKey),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

/**
 * Verifies all signatures with nothing but node:crypto's asynchronous call and keys that were imported
 * before: what two processors can do at best. Gives the seconds that it took.
 */
export async function bareSeconds(signatures: readonly Signature[]): Promise<number> {
  const keys = new Map<string, KeyObject>();
  const jobs = signatures.map(({ publicKey, message, signature }) => {
    const id = Buffer.from(publicKey).toString('hex');
    const key = keys.get(id) ?? importKey(publicKey);
    keys.set(id, key);
    return { key, message, signature };
  });
  const startMs = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) await verifyOne(job);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return (performance.now() - startMs) / 1000;
}

function importKey(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(spkiOf(publicKey)), format: 'der', type: 'spki' });
}

function verifyOne({
  key,
  message,
  signature,
}: {
  key: KeyObject;
  message: Uint8Array;
  signature: Uint8Array;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    verify(null, message, key, signature, (error, isValid) => {
      if (error === null && isValid) resolve();
      else reject(error ?? new Error('a signature that was just made does not verify'));
    });
  });
}

import { createPublicKey, randomBytes, verify } from 'node:crypto';
import nacl from 'tweetnacl';
import { createSigner, spkiOf, verifySignature } from '#libs/attestation';
import type { Benchmark } from './benchmark.js';
import { race } from './race.js';

const SIGNERS = 5;
const MESSAGES = 200;
/** tweetnacl is so much slower that fewer messages of it say as much. */
const NACL_MESSAGES = 20;
/** About the size of a commit's pre-authentication encoding. */
const MESSAGE_BYTES = 1_500;

/** The signature check of the coordinator, beside two that it could have been. */
export const verifySignatures: Benchmark = {
  name: 'verify-signatures',
  question: 'Ed25519: node:crypto with cached keys, importing the key each time, and tweetnacl',
  run: () => {
    const signers = Array.from({ length: SIGNERS }, () => createSigner(randomBytes(32)));
    const signed = Array.from({ length: MESSAGES }, (_, at) => {
      const signer = signers[at % SIGNERS]!;
      const message = new Uint8Array(randomBytes(MESSAGE_BYTES));
      return { publicKey: signer.publicKey, message, signature: signer.sign(message) };
    });
    const few = signed.slice(0, NACL_MESSAGES);
    const unit = 'signatures';
    return race([
      {
        ...{ what: 'node:crypto, cached keys', amount: MESSAGES, unit },
        lap: () => {
          for (const { publicKey, message, signature } of signed) {
            mustBe(verifySignature(publicKey, message, signature));
          }
        },
      },
      {
        ...{ what: 'node:crypto, importing each time', amount: MESSAGES, unit },
        lap: () => {
          for (const { publicKey, message, signature } of signed) {
            const der = Buffer.from(spkiOf(publicKey));
            const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
            mustBe(verify(null, message, key, signature));
          }
        },
      },
      {
        ...{ what: 'tweetnacl', amount: NACL_MESSAGES, unit },
        lap: () => {
          for (const { publicKey, message, signature } of few) {
            mustBe(nacl.sign.detached.verify(message, signature, publicKey));
          }
        },
      },
    ]);
  },
};

function mustBe(isValid: boolean): void {
  if (!isValid) throw new Error('a signature that was just made does not verify');
}

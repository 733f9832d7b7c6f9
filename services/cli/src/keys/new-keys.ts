import { natsKeyText, type KeySet, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { readNatsKey, readSecretKey } from './secret-key.js';

/** The files of a builder's three keys. */
export interface NewKeyOptions {
  readonly key: string;
  readonly witnessKey: string;
  readonly natsKey: string;
  readonly passphraseFile?: string;
}

/** The keys that a record brings, with what can prove that they are at hand. */
export interface NewKeys {
  readonly signers: Readonly<Record<keyof KeySet, Signer>>;
  readonly keys: KeySet;
}

/**
 * Reads a builder's three keys.
 *
 * @throws CommandError usage
 */
export async function readNewKeys(options: NewKeyOptions): Promise<NewKeys> {
  const passphrase = options.passphraseFile ?? null;
  const attestation = await readSecretKey(options.key, passphrase);
  const witness = await readSecretKey(options.witnessKey, passphrase);
  const nats = await readNatsKey(options.natsKey, passphrase);
  return {
    signers: { attestation, witness, nats },
    keys: {
      attestation: toBase64(attestation.publicKey),
      witness: toBase64(witness.publicKey),
      nats: natsKeyText(nats.publicKey),
    },
  };
}

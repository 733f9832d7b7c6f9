import { AttestationError, signerFromPem, type Signer } from '#libs/attestation';
import { CommandError, EXIT } from '../exit.js';
import { readText } from '../read-file.js';

/**
 * Reads a builder's private key.
 *
 * @throws CommandError usage, with the command that makes a right one
 */
export async function readKey(path: string): Promise<Signer> {
  const pem = await readText(path);
  if (/ENCRYPTED/.test(pem)) {
    throw new CommandError(
      EXIT.usage,
      `the key in ${path} is encrypted`,
      `decrypt it with \`openssl pkey -in ${path} -out FILE\` and delete FILE afterwards`,
    );
  }
  try {
    return signerFromPem(pem);
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new CommandError(EXIT.usage, `${path}: ${cause.message}`, null, { cause });
  }
}

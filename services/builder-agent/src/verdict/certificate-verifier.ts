import type { VerifyCertificate } from '#libs/evidence';
import { certifiedElection } from '#libs/nns';
import { readRootKeyFile } from '#libs/platform';

/**
 * Makes what certificates of proposals are verified with: under the root key in a file, or under the
 * Internet Computer's own where none is named.
 *
 * @param path of the key's DER, 133 bytes
 * @throws ConfigError when it cannot be read, or is no such key
 */
export async function readCertificateVerifier(
  path: string | undefined,
): Promise<VerifyCertificate> {
  const rootKey = await readRootKeyFile(path);
  return (evidence) => certifiedElection(evidence, { rootKey });
}

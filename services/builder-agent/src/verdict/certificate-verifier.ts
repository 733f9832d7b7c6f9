import { readFile } from 'node:fs/promises';
import type { VerifyCertificate } from '#libs/evidence';
import { certifiedElection } from '#libs/nns';
import { ConfigError } from '#libs/platform';

/** A BLS12-381 public key in DER. Source: Internet Computer interface specification, "Certificates" */
const ROOT_KEY_BYTES = 133;

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
  const rootKey = path === undefined ? undefined : await readRootKey(path);
  return (evidence) => certifiedElection(evidence, { rootKey });
}

async function readRootKey(path: string): Promise<Uint8Array> {
  let rootKey: Uint8Array;
  try {
    rootKey = new Uint8Array(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`NNS_ROOT_KEY_FILE is not usable: ${reason}`, { cause });
  }
  if (rootKey.length === ROOT_KEY_BYTES) return rootKey;
  const found = `it has ${rootKey.length} bytes`;
  const expected = `expected the DER of a network’s root key, ${ROOT_KEY_BYTES} bytes`;
  throw new ConfigError(`NNS_ROOT_KEY_FILE is not usable: ${found}, ${expected}`);
}

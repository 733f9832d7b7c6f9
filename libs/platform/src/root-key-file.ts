import { readFile } from 'node:fs/promises';
import { ConfigError } from './config.js';

/** A BLS12-381 public key in DER. Source: Internet Computer interface specification, "Certificates" */
const ROOT_KEY_BYTES = 133;

/**
 * Reads a network's root key; undefined where no file is named, which means the Internet Computer's own.
 *
 * @param path of the key's DER, 133 bytes: NNS_ROOT_KEY_FILE of a configuration
 * @throws ConfigError when it cannot be read, or is no such key
 */
export async function readRootKeyFile(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
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

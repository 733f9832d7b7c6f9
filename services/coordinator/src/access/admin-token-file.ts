import { open } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { readPassphrase } from '#libs/attestation';
import { AccessTokenText, accessTokenId } from '#libs/contracts';
import { quote } from '#libs/encoding';
import { AccessTokenEntity } from '#libs/persistence';
import { ConfigError } from '#libs/platform';
import { everything, storeToken } from './token-store.js';

/**
 * Makes the token in a file known, with all scopes, unless it was before: one that was revoked or has
 * expired stays so. Gives why it cannot be used, or null.
 *
 * @throws ConfigError for a file that others can read, or with something else in it
 */
export async function admitTokenFile(dataSource: DataSource, path: string): Promise<string | null> {
  const read = AccessTokenText.safeParse(await readSecret(path));
  if (!read.success)
    throw new ConfigError(`ADMIN_TOKEN_FILE ${quote(path)} holds no access token, rqt_…`);
  const { data: token } = read;
  const now = new Date();
  return dataSource.transaction(async (manager) => {
    const stored = await storeToken(manager, everything('admin token file'), { now, token });
    // It is configuration, as the signing key is: a start logs nothing, and what it does tells its id.
    if (stored !== null) return null;
    const id = accessTokenId(token);
    const held = await manager.findOneByOrFail(AccessTokenEntity, { id });
    if (held.revokedAt !== null) return `token ${id} was revoked`;
    return held.expiresAt <= now ? `token ${id} has expired` : null;
  });
}

/** A secret in a file is read as a passphrase is: only its owner may be able to. */
async function readSecret(path: string): Promise<string> {
  try {
    return await readPassphrase(open, path, process.geteuid?.(), 'access token');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`ADMIN_TOKEN_FILE ${quote(path)} is not usable: ${reason}`, { cause });
  }
}

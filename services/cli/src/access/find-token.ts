import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AttestationError, readPassphrase } from '#libs/attestation';
import { AccessTokenText } from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';

/** Where `dist/services/cli/src/access/` stands in a checkout. */
const CHECKOUT = '../../../../..';
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Where a token may come from. */
export interface TokenPlaces {
  readonly coordinator: URL;
  /** `--token-file` */
  readonly tokenFile?: string | undefined;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** The checkout that this program was built in; null where there is none. */
  readonly checkout?: string | null;
}

/**
 * Finds the access token for a coordinator: in the file that was named, in `REPRO_QUORUM_TOKEN`, or,
 * for a coordinator on this machine, where `./run up` of this checkout put it. Null where there is
 * none. It is never an argument: every process of the machine reads those.
 *
 * @throws CommandError usage for what is no token, for a file that others can read, and for a
 *   coordinator to which it would travel in clear text
 */
export async function findToken(places: TokenPlaces): Promise<string | null> {
  const found = await search(places);
  if (found === null) return null;
  const parsed = AccessTokenText.safeParse(found.text.trim());
  if (!parsed.success) {
    throw new CommandError(
      EXIT.usage,
      `${found.from} holds no access token: expected rqt_…`,
      '`coordinator token create` makes one',
    );
  }
  const { coordinator } = places;
  if (coordinator.protocol !== 'https:' && !LOOPBACK.test(coordinator.hostname)) {
    throw new CommandError(
      EXIT.usage,
      `the access token would go to ${coordinator.origin} in clear text`,
      'use https, or a tunnel: ssh -L 3000:127.0.0.1:3000 HOST',
    );
  }
  return parsed.data;
}

async function search({
  coordinator,
  tokenFile,
  environment,
  checkout = checkoutOf(import.meta.url),
}: TokenPlaces): Promise<{ text: string; from: string } | null> {
  if (tokenFile !== undefined) return { text: await readOwn(tokenFile), from: tokenFile };
  const { REPRO_QUORUM_TOKEN: text } = environment;
  if (text !== undefined && text !== '') return { text, from: 'REPRO_QUORUM_TOKEN' };
  if (!LOOPBACK.test(coordinator.hostname)) return null;
  const { REPRO_QUORUM_DATA_DIR: named } = environment;
  const data = named ?? (checkout === null ? null : join(checkout, 'data'));
  const path = data === null ? null : join(data, 'admin.token');
  if (path === null || !existsSync(path)) return null;
  return { text: await readOwn(path), from: path };
}

function checkoutOf(url: string): string | null {
  const isBuilt = url.includes('/dist/services/cli/src/access/');
  return isBuilt ? fileURLToPath(new URL(`${CHECKOUT}/`, url)) : null;
}

/** A secret in a file is read as a passphrase is: only its owner may be able to. */
async function readOwn(path: string): Promise<string> {
  try {
    return await readPassphrase(open, path, process.geteuid?.(), 'access token');
  } catch (cause) {
    const trouble =
      cause instanceof AttestationError
        ? cause.message
        : `cannot read the access token in ${path}: ${fileTrouble(cause)}`;
    throw new CommandError(EXIT.usage, trouble, null, { cause });
  }
}

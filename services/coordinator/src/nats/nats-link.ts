import { Logger } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { quote } from '#libs/encoding';
import { connectNats, durabilityOf, leastDurable, type Durability } from '#libs/messaging';
import { AccountDirectory, openAuthority, type NatsAuthority } from '#libs/nats-authority';
import { ConfigError } from '#libs/platform';
import type { Config } from '../config.js';

/** Who may use NATS, and the servers that are told so. */
export interface NatsAccounts {
  readonly authority: NatsAuthority;
  readonly directory: AccountDirectory;
  /** Signed in to the servers' own account. */
  readonly connection: NatsConnection;
}

/** A coordinator's connections to NATS. */
export interface NatsLink {
  readonly nats: NatsConnection;
  /** Null where NATS asks nobody who he is. */
  readonly accounts: NatsAccounts | null;
  readonly durability: Durability;
}

/** The part of the configuration that says how. */
export type NatsLinkConfig = Pick<
  Config,
  'NATS_URL' | 'NATS_AUTHORITY_DIR' | 'NATS_CA_FILE' | 'DURABILITY'
>;

const logger = new Logger('Nats');

/**
 * Connects to NATS, and waits for it. Servers that have lost the coordinators' account, or have that of
 * an older version, are given it.
 *
 * @throws ConfigError where messages are not durable and DURABILITY says that they have to be
 *   or the authority's folder cannot be used
 * @throws NatsAuthorityError what the servers refuse
 */
export async function openNats(config: NatsLinkConfig): Promise<NatsLink> {
  const { NATS_URL: url, NATS_CA_FILE: caFile, NATS_AUTHORITY_DIR: dir } = config;
  const authority = dir === undefined ? null : await readAuthority(dir);
  const accounts = authority === null ? null : await openAccounts(authority, { url, caFile });
  const credentials = authority?.coordinatorCredentials();
  const nats = await connectNats({ url, caFile, credentials, name: 'coordinator' });
  const durability = await measureDurability(nats, accounts?.directory ?? null);
  if (config.DURABILITY === 'strict' && durability.mode !== 'fsync') {
    await Promise.all([nats.close(), accounts?.connection.close()]);
    throw new ConfigError(
      `DURABILITY is strict, and NATS acknowledges what a power cut may take back: ${durability.reason}`,
    );
  }
  logger.log(`NATS acknowledges from the ${durability.mode}: ${durability.reason}`);
  if (accounts === null) {
    logger.warn('NATS asks nobody who he is: name NATS_AUTHORITY_DIR before strangers reach it');
  }
  return { nats, accounts, durability };
}

async function readAuthority(dir: string): Promise<NatsAuthority> {
  try {
    return await openAuthority(dir);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`NATS_AUTHORITY_DIR ${quote(dir)} is not usable: ${reason}`, { cause });
  }
}

async function openAccounts(
  authority: NatsAuthority,
  how: { readonly url: readonly string[]; readonly caFile: string | undefined },
): Promise<NatsAccounts> {
  const credentials = authority.systemCredentials();
  const connection = await connectNats({ ...how, credentials, name: 'coordinator: accounts' });
  const directory = new AccountDirectory(authority, connection);
  await directory.ensureAccounts([]);
  return { authority, directory, connection };
}

async function measureDurability(
  nats: NatsConnection,
  directory: AccountDirectory | null,
): Promise<Durability> {
  const told = (await directory?.jetStreamConfigs()) ?? [];
  if (told.length === 0) return durabilityOf(nats.info?.version ?? '0.0.0', null);
  return leastDurable(told.map(({ version, config }) => durabilityOf(version, config)));
}

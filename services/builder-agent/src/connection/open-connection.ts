import { open } from 'node:fs/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { readNatsSigner, type Signer } from '#libs/attestation';
import { BUILDER_API_PREFIX, type AgentOrder } from '#libs/contracts';
import { connectNats, type NatsCredentials } from '#libs/messaging';
import { ConfigError } from '#libs/platform';
import type { Config } from '../config.js';
import { CredentialsKeeper } from './credentials-keeper.js';

/** A way to the coordinator's NATS that stays open. */
export interface Connection {
  readonly nats: NatsConnection;
  /** Where JetStream answers a builder with an account of its own; undefined for everybody else. */
  readonly apiPrefix: string | undefined;
  close(): Promise<void>;
}

/** Who connects, and who hears of it. */
export interface ConnectionRequest {
  readonly config: Config;
  readonly signer: Signer;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly onOrder: (order: AgentOrder) => void;
}

/**
 * Connects: to NATS_URL, or to what the coordinator tells; signed in where there is a NATS key. Waits
 * for approval, and for a server, for as long as it takes.
 *
 * @throws ConfigError when a key is not usable or there is no way to a coordinator; NotWanted
 */
export async function openConnection(request: ConnectionRequest): Promise<Connection> {
  const { config, signer, say } = request;
  const key = await readKey(config);
  const isToldWhere = config.NATS_URL !== undefined;
  const keeper = isToldWhere && key === null ? null : await openKeeper(request);
  const url = config.NATS_URL ?? keeper?.servers ?? [];
  const credentials = key === null || keeper === null ? null : credentialsOf(key, keeper);
  if (keeper !== null && keeper.jwt !== null && key === null) {
    throw new ConfigError('NATS_KEY_FILE is missing: this coordinator’s NATS asks who it is');
  }
  say(`connecting to ${url.join(', ')}`);
  try {
    const nats = await connectNats({
      ...{ url, name: `builder ${signer.id}`, caFile: config.CA_FILE },
      ...(credentials !== null && { credentials }),
    });
    return {
      nats,
      apiPrefix: credentials === null ? undefined : BUILDER_API_PREFIX,
      close: async () => {
        await keeper?.close();
        await nats.close();
      },
    };
  } catch (error) {
    await keeper?.close();
    throw error;
  }
}

async function openKeeper(request: ConnectionRequest): Promise<CredentialsKeeper | null> {
  const { config, signer, signal, say, onOrder } = request;
  const { COORDINATOR_URL: coordinatorUrl, STATE_DIR: stateDir } = config;
  if (coordinatorUrl === undefined) {
    throw new ConfigError('COORDINATOR_URL is missing: credentials for NATS come from there');
  }
  const builder = signer.id;
  return CredentialsKeeper.open({ coordinatorUrl, builder, stateDir, signal, say, onOrder });
}

/** None where NATS asks nobody who he is, though the builder could tell. */
function credentialsOf(key: Signer, keeper: CredentialsKeeper): NatsCredentials | null {
  if (keeper.jwt === null) return null;
  return { jwt: () => keeper.jwt ?? '', sign: (nonce) => key.sign(nonce) };
}

async function readKey(config: Config): Promise<Signer | null> {
  const { NATS_KEY_FILE: path, KEY_PASSPHRASE_FILE } = config;
  if (path === undefined) return null;
  try {
    const reader = process.getuid?.();
    return await readNatsSigner(open, {
      path,
      passphrasePath: KEY_PASSPHRASE_FILE ?? null,
      reader,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`NATS_KEY_FILE is not usable: ${reason}`, { cause });
  }
}

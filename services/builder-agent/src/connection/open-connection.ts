import { open } from 'node:fs/promises';
import { AuthorizationError, type NatsConnection } from '@nats-io/transport-node';
import { natsKeyText, readNatsSigner, type Signer } from '#libs/attestation';
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
  const keeper = isToldWhere && key === null ? null : await openKeeper(request, key);
  const url = config.NATS_URL ?? keeper?.servers ?? [];
  const credentials = key === null || keeper === null ? null : credentialsOf(key, keeper);
  if (keeper !== null && keeper.jwt !== null && key === null) {
    throw new ConfigError('NATS_KEY_FILE is missing: this coordinator’s NATS asks who it is');
  }
  say(`connecting to ${url.join(', ')}`);
  try {
    const connecting = connectNats({
      ...{ url, name: `builder ${signer.id}`, caFile: config.CA_FILE },
      ...(credentials !== null && { credentials }),
    });
    const nats = await connectUnlessEnded(connecting, keeper?.ended);
    if (keeper !== null) void watchRefusals(nats, keeper);
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

async function openKeeper(
  request: ConnectionRequest,
  key: Signer | null,
): Promise<CredentialsKeeper | null> {
  const { config, signer, signal, say, onOrder } = request;
  const { COORDINATOR_URL: coordinatorUrl, STATE_DIR: stateDir } = config;
  if (coordinatorUrl === undefined) {
    throw new ConfigError('COORDINATOR_URL is missing: credentials for NATS come from there');
  }
  const builder = signer.id;
  const natsKey = key === null ? null : natsKeyText(key.publicKey);
  return CredentialsKeeper.open({
    ...{ coordinatorUrl, builder, natsKey, stateDir, signal, say, onOrder },
  });
}

/** A server that lets nobody in is asked for ever, unless the coordinator will not have the builder. */
async function connectUnlessEnded(
  connecting: Promise<NatsConnection>,
  ended: AbortSignal | undefined,
): Promise<NatsConnection> {
  if (ended === undefined) return connecting;
  const end = Promise.withResolvers<never>();
  const onEnd = (): void => {
    end.reject(ended.reason);
  };
  ended.addEventListener('abort', onEnd, { once: true });
  try {
    if (ended.aborted) throw ended.reason;
    return await Promise.race([connecting, end.promise]);
  } catch (error) {
    // Nobody is left to use it.
    connecting.then(
      (late) => late.close(),
      () => undefined,
    );
    throw error;
  } finally {
    ended.removeEventListener('abort', onEnd);
  }
}

/** Why NATS lets a builder in no more only the coordinator says. */
async function watchRefusals(nats: NatsConnection, keeper: CredentialsKeeper): Promise<void> {
  for await (const status of nats.status()) {
    if (status.type === 'error' && status.error instanceof AuthorizationError) keeper.askSoon();
  }
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

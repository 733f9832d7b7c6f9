import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { natsKeyText } from '#libs/attestation';
import { startNats, type EmbeddedNats, type NatsOptions } from '#libs/embedded';
import { connectNats, type NatsCredentials } from '#libs/messaging';
import { AccountDirectory, openAuthority, type NatsAuthority } from '#libs/nats-authority';
import { afterAll, beforeAll } from 'vitest';

/** The key by which a builder that is played by hand signs in to NATS. */
export interface HandNatsKey {
  /** From U. */
  readonly publicKey: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

/** Makes a key to sign in to NATS with. */
export function makeNatsKey(): HandNatsKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const der = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
    format: 'der',
    type: 'pkcs8',
  });
  return {
    publicKey: natsKeyText(Buffer.from(x, 'base64url')),
    seed: new Uint8Array(der.subarray(-32)),
  };
}

/** A nats-server with accounts, and what a test does with it. */
export class NatsWithAccounts {
  private readonly opened: NatsConnection[] = [];

  private constructor(
    readonly dir: string,
    readonly authority: NatsAuthority,
    private readonly options: Pick<NatsOptions, 'extraConfig' | 'websocketPort'>,
    private server: EmbeddedNats,
  ) {}

  /** Starts it on a folder of its own. */
  static async start(
    options: Pick<NatsOptions, 'extraConfig' | 'websocketPort'> = {},
  ): Promise<NatsWithAccounts> {
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-accounts-'));
    const authority = await openAuthority(join(dir, 'authority'));
    return new NatsWithAccounts(dir, authority, options, await run(dir, authority, options));
  }

  get url(): string {
    return this.server.url;
  }

  get websocketUrl(): string {
    return this.server.websocketUrl ?? '';
  }

  get logFile(): string {
    return join(this.dir, 'nats', 'nats.log');
  }

  /** Stops the server, lets its folder be tampered with, and starts it again on the same port. */
  async restart(
    meanwhile: (dataDir: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { port } = this.server;
    await this.server.stop();
    await meanwhile(join(this.dir, 'nats'));
    this.server = await run(this.dir, this.authority, { ...this.options, port });
  }

  /** Connects as a coordinator does. */
  coordinator(): Promise<NatsConnection> {
    return this.connect('coordinator', this.authority.coordinatorCredentials());
  }

  /** Opens the accounts that the server knows. */
  async directory(): Promise<AccountDirectory> {
    return new AccountDirectory(this.authority, await this.system());
  }

  /** Connects to the servers' own account. */
  system(): Promise<NatsConnection> {
    return this.connect('accounts', this.authority.systemCredentials());
  }

  /** What an admitted builder signs in with. */
  credentials(builder: string, { publicKey, seed }: HandNatsKey): NatsCredentials {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const named = { builder, natsPublicKey: publicKey, expiresAt };
    return { seed, jwt: () => this.authority.userJwtFor(named) };
  }

  /** Connects as an admitted builder does. */
  builder(builder: string, key: HandNatsKey, url = this.url): Promise<NatsConnection> {
    return this.connect(`builder ${builder}`, this.credentials(builder, key), url);
  }

  /** Closes all connections and the server, and removes the folder. */
  async close(): Promise<void> {
    await Promise.all(this.opened.map((connection) => connection.close()));
    await this.server.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  private async connect(name: string, credentials: NatsCredentials, url = this.url) {
    const connection = await connectNats({ url, name, credentials });
    this.opened.push(connection);
    return connection;
  }
}

/**
 * Gives a spec file a nats-server with accounts of its own, started before its first test and stopped
 * after its last one. Call it at the top of the file.
 */
export function useNatsWithAccounts(
  options: Pick<NatsOptions, 'extraConfig' | 'websocketPort'> = {},
): () => NatsWithAccounts {
  let started: NatsWithAccounts | undefined;
  beforeAll(async () => {
    started = await NatsWithAccounts.start(options);
  });
  afterAll(async () => {
    await started?.close();
  });
  return () => {
    if (started === undefined) throw new Error('the server runs only inside of tests');
    return started;
  };
}

function run(
  dir: string,
  authority: NatsAuthority,
  options: NatsOptions | Omit<NatsOptions, 'dataDir'>,
): Promise<EmbeddedNats> {
  const dataDir = join(dir, 'nats');
  const extraConfig = [
    authority.serverConfig({ resolverDir: join(dataDir, 'accounts') }),
    options.extraConfig ?? '',
  ].join('\n');
  return startNats({ ...options, dataDir, extraConfig, durable: false });
}

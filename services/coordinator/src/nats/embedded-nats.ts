import { join } from 'node:path';
import { startNats, type EmbeddedNats, type NatsTls } from '#libs/embedded';
import { openAuthority } from '#libs/nats-authority';

/** A nats-server of the coordinator's own. */
export interface NatsWithAccountsOptions {
  readonly dataDir: string;
  readonly authorityDir: string;
  readonly port: number;
  /** Address that builders come to; 127.0.0.1 by default. */
  readonly host?: string;
  /** Needed where strangers reach the address. */
  readonly tls?: NatsTls;
}

/**
 * Starts a nats-server that lets in whom the authority in a folder admits, and nobody else. It takes
 * WebSockets too, from this machine alone.
 *
 * @throws EmbeddedError as `startNats`
 * @throws NatsAuthorityError BAD_FOLDER
 */
export async function startNatsWithAccounts({
  authorityDir,
  dataDir,
  ...rest
}: NatsWithAccountsOptions): Promise<EmbeddedNats> {
  const authority = await openAuthority(authorityDir);
  const extraConfig = authority.serverConfig({ resolverDir: join(dataDir, 'accounts') });
  return startNats({ ...rest, dataDir, extraConfig, websocketPort: null });
}

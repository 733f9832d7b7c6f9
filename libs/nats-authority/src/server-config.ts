import type { SignedAccount } from './authority.js';

/** What a server has to know of an authority. */
export interface ServerConfig {
  readonly resolverDir: string;
  readonly operatorJwt: string;
  readonly systemAccount: string;
  /** Accounts that are there before anybody pushes one. */
  readonly preload: readonly SignedAccount[];
}

/** Writes the lines of a nats-server's configuration; keys and JWTs in it are public. */
export function renderServerConfig(config: ServerConfig): string {
  const { resolverDir, operatorJwt, systemAccount, preload } = config;
  return [
    `operator: ${operatorJwt}`,
    `system_account: ${systemAccount}`,
    'resolver {',
    '  type: full',
    // The syntax knows the same escapes in double quotes as JSON, for what paths hold.
    `  dir: ${JSON.stringify(resolverDir)}`,
    // What was cut off stays known as cut off.
    '  allow_delete: false',
    // How often servers of a cluster compare what they have.
    '  interval: "2m"',
    '}',
    'resolver_preload {',
    ...preload.map(({ account, jwt }) => `  ${account}: ${jwt}`),
    '}',
    // A builder whose link was cut is not held to be connected for longer than it needs to come again.
    'ping_interval: "20s"',
    'ping_max: 2',
    '',
  ].join('\n');
}

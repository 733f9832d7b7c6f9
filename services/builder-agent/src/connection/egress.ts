import { setGlobalProxyFromEnv } from 'node:http';
import { resolve } from 'node:path';
import { getCACertificates } from 'node:tls';
import { egressOf, setEgress } from '#libs/icos';
import { trustAuthorities } from '#libs/messaging';
import { ConfigError } from '#libs/platform';
import type { Config } from '../config.js';
import { makeFolderDurably, writeDurably } from '../jobs/durable-file.js';

const PROXIES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** What git takes instead of what Node trusts: it knows of one file. */
const BUNDLE_FILE = 'authorities.pem';

/**
 * Sets up how this process reaches others, before it reaches anybody: through the proxy that the
 * environment names, and trusting the authorities in a file beside the usual ones. Both hold for
 * `fetch`, for WebSockets, for downloads and for git.
 *
 * @throws ConfigError for a file without certificates, or a proxy on a Node that cannot be told of one
 */
export async function setUpEgress(
  env: Readonly<NodeJS.ProcessEnv>,
  { CA_FILE: caFile, STATE_DIR }: Pick<Config, 'CA_FILE' | 'STATE_DIR'>,
): Promise<void> {
  let bundle: string | null = null;
  if (caFile !== undefined) {
    try {
      await trustAuthorities(caFile);
      bundle = resolve(STATE_DIR, BUNDLE_FILE);
      await makeFolderDurably(STATE_DIR);
      await writeDurably(bundle, getCACertificates('default').join('\n'));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigError(`CA_FILE is not usable: ${reason}`, { cause });
    }
  }
  setEgress(egressOf(env, bundle));
  if (!PROXIES.some((name) => (env[name] ?? '') !== '')) return;
  const set: unknown = setGlobalProxyFromEnv;
  // Nodes before 24.14 know it only by a variable that they read themselves.
  if (typeof set !== 'function') {
    if (env['NODE_USE_ENV_PROXY'] === '1') return;
    throw new ConfigError(
      `this Node (${process.version}) takes a proxy only with NODE_USE_ENV_PROXY=1: set it, or use 24.14 or newer`,
    );
  }
  try {
    setGlobalProxyFromEnv({ ...env });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`the proxy of the environment is not usable: ${reason}`, { cause });
  }
}

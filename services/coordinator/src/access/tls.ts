import { readFile } from 'node:fs/promises';
import { createSecureContext, Server } from 'node:tls';
import { quote } from '#libs/encoding';
import { ConfigError, Ticker } from '#libs/platform';
import type { AccessConfig } from './access-config.js';

/** What a server shows and proves who it is. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

const LOOK_AGAIN_MS = 30_000;

/**
 * Reads the certificate chain and its key; null where neither is configured.
 *
 * @throws ConfigError for one without the other, for files that cannot be read, and for a key that is
 *   not the certificate's
 */
export async function readTls({
  TLS_CERT_FILE: certFile,
  TLS_KEY_FILE: keyFile,
}: AccessConfig): Promise<TlsIdentity | null> {
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile === undefined || keyFile === undefined) {
    throw new ConfigError('TLS_CERT_FILE and TLS_KEY_FILE go together: name both, or none');
  }
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `TLS_CERT_FILE ${quote(certFile)} and TLS_KEY_FILE ${quote(keyFile)} are not usable: ${reason}`,
      { cause },
    );
  }
}

/**
 * Has a server show a new certificate once its files have changed, at SIGHUP or within half a minute,
 * without ending a connection. Files that do not fit together, as in the middle of being written, change
 * nothing. Gives what ends the looking.
 */
export function followTls(
  server: unknown,
  config: AccessConfig,
  first: TlsIdentity | null,
  tell: (message: string) => void,
): () => Promise<void> {
  if (first === null || !(server instanceof Server)) return async () => Promise.resolve();
  let shown = first;
  const look = async (): Promise<void> => {
    const now = await readTls(config);
    if (now === null || (now.cert === shown.cert && now.key === shown.key)) return;
    server.setSecureContext({ ...now, minVersion: 'TLSv1.2' });
    shown = now;
    tell('the certificate has changed: new connections are shown the new one');
  };
  const onError = (error: unknown): void => {
    tell(
      `the certificate stays as it was: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  };
  const ticker = new Ticker(look, { everyMs: LOOK_AGAIN_MS, onError });
  const onHangup = (): void => {
    look().catch(onError);
  };
  ticker.start();
  process.on('SIGHUP', onHangup);
  return async () => {
    process.off('SIGHUP', onHangup);
    await ticker.stop();
  };
}

import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';
import type { GitProtocol } from './git-settings.js';

/**
 * Gives the transport of a configured git URL, the only one that git may then use.
 *
 * @throws IcosError URL_NOT_ALLOWED for another scheme (`ext::` runs a command, `ssh` uses keys),
 * for credentials, which would end up in logs, and for what is no plain URL
 */
export function protocolOf(gitUrl: string): GitProtocol {
  const url = /^[!-~]+$/.test(gitUrl) && URL.canParse(gitUrl) ? new URL(gitUrl) : null;
  const scheme = /^(https|http|file):\/\//.exec(gitUrl)?.[1];
  const isPlain = url?.username === '' && url.password === '' && url.search === '';
  if (isPlain && (scheme === 'https' || scheme === 'http' || scheme === 'file')) return scheme;
  throw new IcosError(
    'URL_NOT_ALLOWED',
    `${quote(gitUrl)} is no source: expected https://host/path without credentials`,
  );
}

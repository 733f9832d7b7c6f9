import { isIP, type LookupFunction } from 'node:net';
import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';
import { guardLookup, type Resolve, resolveByDns } from './guarded-lookup.js';

/** Which hosts may be fetched from, and how their names are resolved. */
export interface AllowList {
  /** The entries as origins (`https://host`, `http://127.0.0.1:1234`). */
  readonly origins: readonly string[];
  /**
   * Takes a URL from outside, if its origin is on the list.
   *
   * @throws IcosError URL_NOT_ALLOWED
   */
  readonly check: (url: string) => URL;
  /**
   * Resolves a host for one connection and refuses private addresses; the connection goes to the
   * very address that was checked.
   */
  readonly lookup: LookupFunction;
}

/** Longest URL that is looked at, in characters. */
export const MAX_URL_CHARACTERS = 2000;

/** Scheme, host and port as a browser would show them, and then a path, a query or nothing. */
const URL_TEXT = /^(https?):\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(?::([1-9][0-9]{0,4}))?(?=[/?]|$)/i;

/**
 * Makes an allow-list of entries `scheme://host[:port]`, http or https. A private or loopback
 * address is allowed only when an entry names that address itself; a host name that resolves to
 * one is refused at each connection, so that whoever controls a name cannot point a builder at its
 * own network.
 *
 * @throws IcosError MALFORMED_ALLOW_LIST for an entry with a path, credentials, another scheme, or
 * a host that is not written plainly; and for `localhost`, which is a name
 */
export function createAllowList(
  entries: readonly string[],
  resolve: Resolve = resolveByDns,
): AllowList {
  const origins = entries.map(originOf);
  return {
    origins,
    check: (text) => {
      const url = parse(text);
      if (url !== null && origins.includes(url.origin)) return url;
      const reason = url === null ? 'is not a plain http or https URL' : 'is not on the allow-list';
      throw new IcosError(
        'URL_NOT_ALLOWED',
        `${quote(text)} ${reason}: expected one of ${origins.join(', ')}`,
      );
    },
    lookup: guardLookup(resolve),
  };
}

function originOf(entry: string): string {
  const url = parse(entry);
  if (url === null || entry.replace(URL_TEXT, '') !== '') {
    throw new IcosError(
      'MALFORMED_ALLOW_LIST',
      `${quote(entry)} is no entry of an allow-list: expected scheme://host or scheme://host:port`,
    );
  }
  if (url.hostname === 'localhost' || url.hostname.endsWith('.localhost')) {
    throw new IcosError(
      'MALFORMED_ALLOW_LIST',
      `${quote(entry)} names no address: write 127.0.0.1 or [::1] to allow this machine`,
    );
  }
  return url.origin;
}

/**
 * Parses what is written plainly, and nothing else. URL parsers forgive much (`http:\\host`,
 * `0x7f.1`, `user@host`, tabs, full-width dots), each in its own way; a text that another parser
 * could read as another host is refused instead.
 */
function parse(text: string): URL | null {
  const [, , host] = URL_TEXT.exec(text) ?? [];
  const isPlain = text.length <= MAX_URL_CHARACTERS && /^[!-~]*$/.test(text) && !/[\\#]/.test(text);
  if (host === undefined || !isPlain || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.hostname !== host.toLowerCase() || url.username !== '' || url.password !== '')
    return null;
  return isPlainHost(url.hostname) ? url : null;
}

function isPlainHost(host: string): boolean {
  if (isIP(host) !== 0 || host.startsWith('[')) return true;
  return host.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
}

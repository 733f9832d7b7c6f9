import { isIP, type LookupFunction } from 'node:net';
import { guardLookup, isPublicAddress, type Resolve, resolveByDns } from '#libs/icos';
import { quote } from '#libs/encoding';

/** Where subscribers' URLs may lead. */
export interface TargetRules {
  /** Origins that may be private, and without TLS. */
  readonly allowed: readonly string[];
  readonly resolve?: Resolve;
}

/** How a URL is to be reached: a lookup that refuses private addresses, or none where they are meant. */
export interface Target {
  readonly url: URL;
  readonly lookup: LookupFunction | null;
}

/**
 * Reads a subscriber's URL. A host that is an address has to be a public one; a name is looked up for
 * each connection, which goes to the very addresses that were judged. Null with a reason otherwise.
 */
export function readTarget(
  text: string,
  { allowed, resolve = resolveByDns }: TargetRules,
): Target | { readonly refused: string } {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.hash !== '') {
    return { refused: `${quote(text)} is no plain URL: expected https://host/path` };
  }
  if (allowed.includes(url.origin)) return { url, lookup: null };
  if (url.protocol !== 'https:') {
    return { refused: `${quote(url.origin)} is not https, and not in NEWS_ALLOWED_ORIGINS` };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) {
    return { refused: `${quote(host)} is no public address, and not in NEWS_ALLOWED_ORIGINS` };
  }
  return { url, lookup: guardLookup(resolve) };
}

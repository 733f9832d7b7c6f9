/**
 * Tells whether a URL's host is among those that are reached without a proxy: `*`, a host, a host with
 * its port, or a domain with all that is in it (`example.org` or `.example.org`).
 *
 * Source: curl(1), `--noproxy`; git and Node read the same list
 */
export function bypassesProxy({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return noProxy.split(',').some((text) => {
    const entry = text.trim().toLowerCase();
    if (entry === '') return false;
    if (entry === '*') return true;
    const [, named = entry, namedPort] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
    if (namedPort !== undefined && namedPort !== ownPort) return false;
    const domain = named.replace(/^\*?\./, '');
    return host === domain || host.endsWith(`.${domain}`);
  });
}

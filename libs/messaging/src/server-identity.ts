import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/** What `tls.connect` decides by whether a certificate is a server's. */
type IdentityCheck = (host: string, certificate: PeerCertificate) => Error | undefined;

/** What Node has checked where it is told no name, as the NATS client does for an address. */
const NO_NAME = 'localhost';

/**
 * Decides whether a certificate is that of one of these servers. A name has to be in it, as usual. For an
 * address the client tells no name, and Node would want a certificate for `localhost`: it has to be
 * for one of the addresses that were asked for.
 */
export function identityOf(urls: readonly string[]): IdentityCheck {
  // Of schemes that it does not know `URL` leaves an IPv6 address in its brackets.
  const hosts = urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
  const addresses = hosts.filter((host) => isIP(host) !== 0);
  return (host, certificate) => {
    if (host !== NO_NAME || hosts.includes(NO_NAME)) return checkServerIdentity(host, certificate);
    const failures = addresses.map((address) => checkServerIdentity(address, certificate));
    return failures.includes(undefined)
      ? undefined
      : (failures[0] ?? checkServerIdentity(host, certificate));
  };
}

import { type LookupAddress, lookup as lookupByDns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { quote } from '#libs/encoding';
import { isPublicAddress } from './address.js';
import { IcosError } from '../error.js';

/** Gives all addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Resolves as the operating system does. */
export const resolveByDns: Resolve = async (hostname) =>
  promisify(lookupByDns)(hostname, { all: true });

/**
 * Wraps a resolver for `http.request`. Node connects to what this answers and asks nobody again,
 * so a name server that answers differently the next time gains nothing.
 *
 * Not called for hosts that are IP addresses: those stand on the allow-list letter by letter.
 */
export function guardLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    const answer = async (): Promise<readonly LookupAddress[]> => {
      const addresses = await resolve(hostname);
      for (const { address } of addresses) {
        // One private address among public ones is no accident either.
        if (!isPublicAddress(address)) {
          throw new IcosError(
            'PRIVATE_ADDRESS',
            `${quote(hostname)} resolves to ${quote(address)}, which is not public: allow the address itself if it is meant`,
          );
        }
      }
      if (addresses.length === 0) {
        throw new IcosError('NETWORK', `${quote(hostname)} has no address`);
      }
      return addresses;
    };
    answer().then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), '');
      },
    );
  };
}

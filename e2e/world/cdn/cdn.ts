import { listen } from '../listener.js';
import { answer } from './answer.js';
import { settle } from './fault.js';
import type { CdnFault, CdnRequest } from './fault.js';

/** One host of the content delivery network: files below a folder, and planned faults. */
export interface Cdn {
  /** Base URL without a slash at the end. */
  readonly url: string;
  /** Every request so far. */
  readonly requests: readonly CdnRequest[];
  /**
   * Plans a fault for one path, `/ic/<commit>/…/update-img.tar.zst`, or for all below a folder
   * when it ends in a slash; the longest path that fits holds. Null ends the fault.
   */
  setFault(path: string, fault: CdnFault | null): void;
  close(): Promise<void>;
}

/**
 * Starts a CDN host for the files below `root`, on a free port. Two of them over two folders, or
 * one, stand for the two hosts of a release.
 *
 * Source: RFC 9110 sections 13 (conditional requests) and 14 (ranges)
 */
export async function startCdn({ root }: { readonly root: string }): Promise<Cdn> {
  const requests: CdnRequest[] = [];
  const faults = new Map<string, CdnFault>();

  const listener = await listen(async (incoming, response) => {
    const path = decodeURIComponent(new URL(incoming.url ?? '/', 'http://host').pathname);
    const request: CdnRequest = {
      method: incoming.method ?? '',
      path,
      headers: incoming.headers,
      remoteAddress: incoming.socket.remoteAddress,
      earlier: requests.filter((other) => other.path === path).length,
    };
    requests.push(request);
    await answer(root, request, settle(plannedFor(faults, path), request), response);
  });
  return {
    url: listener.url,
    requests,
    setFault(path, fault) {
      if (fault) faults.set(path, fault);
      else faults.delete(path);
    },
    close: () => listener.close(),
  };
}

function plannedFor(faults: ReadonlyMap<string, CdnFault>, path: string): CdnFault | null {
  const fits = [...faults.keys()].filter(
    (key) => key === path || (key.endsWith('/') && path.startsWith(key)),
  );
  const longest = fits.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? null : (faults.get(longest) ?? null);
}

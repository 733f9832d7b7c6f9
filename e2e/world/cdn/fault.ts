import type { IncomingHttpHeaders } from 'node:http';

/** A request as a fault's choice sees it. */
export interface CdnRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string | undefined;
  /** How many requests of any kind this CDN had for the path before. */
  readonly earlier: number;
}

/** A way in which a CDN fails or lies. */
export type CdnFault =
  /** One bit of one byte flipped (the middle one unless told), same length, same ETag. */
  | { readonly kind: 'tamper'; readonly atByte?: number }
  /** Other content, as if it had been uploaded anew: with an ETag and a date of its own. */
  | { readonly kind: 'rewrite'; change(content: Buffer): Uint8Array }
  /** The connection is cut after so many bytes of each answer's body; the header promises all. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** 302 to another URL. */
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'missing' }
  /** The connection is closed without a byte; planned for `/`, the whole host is down. */
  | { readonly kind: 'down' }
  /** Another fault, or none, for each caller: how different callers get different bytes. */
  | { readonly kind: 'per-caller'; choose(request: CdnRequest): CdnFault | null };

/** A fault once the caller is known. */
export type SettledFault = Exclude<CdnFault, { kind: 'per-caller' }>;

/** Asks per-caller faults until one settles. */
export function settle(fault: CdnFault | null, request: CdnRequest): SettledFault | null {
  return fault?.kind === 'per-caller' ? settle(fault.choose(request), request) : fault;
}

/** Plans a SHA256SUMS without the line of one file. */
export function withoutLine(name: string): CdnFault {
  return {
    kind: 'rewrite',
    change: (content) => {
      const lines = content.toString().split('\n');
      return Buffer.from(lines.filter((line) => !isLineOf(name, line)).join('\n'));
    },
  };
}

function isLineOf(name: string, line: string): boolean {
  return line.replace(/^\S+ [ *]?/, '') === name;
}

/** Plans another object in a file's place, as long as the first: what a cache holds is then stale. */
export function replaced(): CdnFault {
  return {
    kind: 'rewrite',
    change: (content) => {
      const other = Buffer.from(content);
      const middle = Math.floor(other.byteLength / 2);
      other[middle] = (other[middle] ?? 0) ^ 1;
      return other;
    },
  };
}

import { promisify } from 'node:util';
import { brotliCompress, constants, gzip as gzipCompress, zstdCompress } from 'node:zlib';
import { LRUCache } from 'lru-cache';

const brotli = promisify(brotliCompress);
const gzip = promisify(gzipCompress);
const zstd = promisify(zstdCompress);

/** Content codings, the best first. */
export const CODINGS = ['zstd', 'br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

/** Below, a coding costs more than it saves. */
export const LEAST_CODED_BYTES = 1_024;

/** `once` for an answer that is made anew each time; `kept` for one that is compressed once. */
export type Effort = 'once' | 'kept';
const LEVELS: Readonly<Record<Coding, Readonly<Record<Effort, number>>>> = {
  zstd: { once: 3, kept: 12 },
  br: { once: 4, kept: 9 },
  gzip: { once: 6, kept: 9 },
};

/** Readers of one kind send the same text each time; whoever makes up others drives out the oldest. */
const chosen = new LRUCache<string, { readonly coding: Coding | null }>({ max: 200 });
const LONGEST_KEPT = 200;

/**
 * Chooses the coding that a reader takes; null for none.
 *
 * Source: RFC 9110 section 12.5.3
 */
export function chooseCoding(accepted: string | undefined): Coding | null {
  if (accepted === undefined || accepted === '') return null;
  if (accepted.length > LONGEST_KEPT) return weighCodings(accepted);
  const known = chosen.get(accepted);
  if (known !== undefined) return known.coding;
  const coding = weighCodings(accepted);
  chosen.set(accepted, { coding });
  return coding;
}

function weighCodings(accepted: string): Coding | null {
  const weights = new Map(accepted.split(',').slice(0, 20).map(weighed));
  const weightOf = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const best = Math.max(...CODINGS.map(weightOf));
  return best > 0 ? (CODINGS.find((coding) => weightOf(coding) === best) ?? null) : null;
}

/** Whether a media type shrinks: text of some kind. */
export function isCompressible(type: string): boolean {
  return /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|jsonl|xml|javascript)\b|image\/svg)/.test(
    type,
  );
}

/** Compresses bytes, off the main thread. */
export function compress(bytes: Uint8Array, coding: Coding, effort: Effort): Promise<Buffer> {
  const level = LEVELS[coding][effort];
  switch (coding) {
    case 'zstd':
      return zstd(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } });
    case 'br':
      return brotli(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: level,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });
    case 'gzip':
      return gzip(bytes, { level });
  }
}

function weighed(part: string): [string, number] {
  const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
  const weight = parameters.find((text) => text.startsWith('q='));
  const value = weight === undefined ? 1 : Number(weight.slice(2));
  return [name === 'x-gzip' ? 'gzip' : name, Number.isFinite(value) ? value : 0];
}

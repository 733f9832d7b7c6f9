import { valueText } from '#libs/manifest';
import { ImageError } from '../error.js';
import type { PaxRecord } from '../pax.js';
import { SparseRanges } from './sparse-ranges.js';

/** Records whose value a manifest tells by name. */
const TOLD = new Set([
  ...['path', 'linkpath', 'size', 'uid', 'gid', 'uname', 'gname', 'mtime', 'atime', 'ctime'],
]);
const XATTR = 'SCHILY.xattr.';
const SPARSE = 'GNU.sparse.';
const CANONICAL_DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

/** What a pax extended header says of the next member. */
export class ExtendedFacts {
  readonly #values = new Map<string, Buffer>();
  readonly xattrs: (readonly [name: string, value: string])[] = [];
  /** The keys in their order, and the values that are told nowhere else. */
  readonly untold: string;

  /** @throws ImageError CORRUPT when a key that names one value comes twice */
  constructor(readonly records: readonly PaxRecord[]) {
    const untold: string[] = [];
    for (const { key, value } of records) {
      if (key.startsWith(XATTR)) {
        this.xattrs.push([key.slice(XATTR.length), valueText(value)]);
        untold.push(key);
      } else if (key.startsWith(SPARSE)) {
        // Version 0.0 has one such pair for each range.
        if (!this.#isRange(key)) this.#set(key, value);
        if (key !== 'GNU.sparse.name' && !/^[0-9,]*$/.test(value.toString('latin1'))) {
          throw new ImageError('CORRUPT', `a record ${key} holds no numbers`);
        }
      } else {
        this.#set(key, value);
        untold.push(TOLD.has(key) ? key : `${key}=${value.toString('latin1')}`);
      }
    }
    this.untold = JSON.stringify(untold);
  }

  #isRange(key: string): boolean {
    return key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes';
  }

  #set(key: string, value: Buffer): void {
    // Readers differ in which of two they believe, so an archive could show two faces.
    if (this.#values.has(key)) throw new ImageError('CORRUPT', `an extended header has two ${key}`);
    this.#values.set(key, value);
  }

  text(key: string): Buffer | undefined {
    return this.#values.get(key);
  }

  /** @throws ImageError CORRUPT unless the value is a whole, unsigned number in its one spelling */
  number(key: string): number | undefined {
    const value = this.#values.get(key)?.toString('latin1');
    return value === undefined ? undefined : decimal(value);
  }

  /** A time as it stands: a number where it has no fraction, else the text. */
  time(key: string): string | number | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    const text = value.toString('latin1');
    return CANONICAL_DECIMAL.test(text) && Number.isSafeInteger(Number(text))
      ? Number(text)
      : valueText(value);
  }

  /** Which of GNU's ways to write a sparse member in a pax header this is; null for none. */
  get sparseVersion(): 'pax-0.0' | 'pax-0.1' | 'pax-1.0' | null {
    if (this.#values.has('GNU.sparse.major')) {
      const [major, minor] = [this.number('GNU.sparse.major'), this.number('GNU.sparse.minor')];
      if (major === 1 && minor === 0) return 'pax-1.0';
      throw new ImageError('UNSUPPORTED', 'a sparse member is of an unknown version');
    }
    if (this.#values.has('GNU.sparse.map')) return 'pax-0.1';
    return this.#values.has('GNU.sparse.numblocks') ? 'pax-0.0' : null;
  }

  /** Bytes of a sparse member, holes included. */
  get realBytes(): number | undefined {
    return this.number('GNU.sparse.realsize') ?? this.number('GNU.sparse.size');
  }

  /**
   * Reads the map that stands in the header itself, as in versions 0.0 and 0.1.
   *
   * @throws ImageError CORRUPT, TOO_LARGE
   */
  ranges(): SparseRanges {
    const map = this.#values.get('GNU.sparse.map');
    const numbers = (map === undefined ? this.#pairs() : map.toString('latin1').split(',')).map(
      decimal,
    );
    const expected = this.number('GNU.sparse.numblocks') ?? numbers.length / 2;
    if (numbers.length !== expected * 2) {
      throw new ImageError('CORRUPT', 'a sparse map has another length than its header says');
    }
    const ranges = new SparseRanges();
    for (let at = 0; at < numbers.length; at += 2) {
      ranges.add(numbers[at] ?? 0, numbers[at + 1] ?? 0);
    }
    return ranges;
  }

  #pairs(): string[] {
    const pairs = this.records.filter(({ key }) => this.#isRange(key));
    const isPaired = pairs.every(
      ({ key }, at) => key === (at % 2 === 0 ? 'GNU.sparse.offset' : 'GNU.sparse.numbytes'),
    );
    if (!isPaired) throw new ImageError('CORRUPT', 'a sparse map has half a range');
    return pairs.map(({ value }) => value.toString('latin1'));
  }
}

/**
 * Reads a decimal number in the one spelling that has no leading zeros, so that what is told as a
 * number tells its bytes.
 *
 * @throws ImageError CORRUPT
 */
export function decimal(text: string): number {
  const value = CANONICAL_DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new ImageError('CORRUPT', 'an extended header has a number that is none');
}

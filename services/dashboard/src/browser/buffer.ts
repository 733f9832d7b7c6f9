import { Buffer as Shipped } from 'buffer/index.js';

type From = (value: unknown, ...rest: readonly unknown[]) => Shipped;

const isUtf8 = ([encoding]: readonly unknown[]): boolean =>
  encoding === undefined || encoding === 'utf8' || encoding === 'utf-8';

/** Has it do what Node's does, where verifying would notice that it does not. */
function asInNode(shipped: typeof Shipped): typeof Shipped {
  const from = (shipped.from as unknown as From).bind(shipped);
  // Two halves of characters in a row are one to it, and two to Node.
  shipped.from = (value: unknown, ...rest: readonly unknown[]) =>
    typeof value === 'string' && isUtf8(rest)
      ? from(value.toWellFormed(), ...rest)
      : from(value, ...rest);
  // Node compares with any bytes.
  shipped.prototype.equals = function equals(other) {
    return shipped.compare(this, other) === 0;
  };
  return shipped;
}

/**
 * Node's Buffer, for what verifies in the browser alone: the bundler puts it in wherever code of that
 * chunk names `Buffer`, and no page that verifies nothing loads it.
 */
// Made here, not passed on: a bundler would lead whoever imports it past this file.
export const Buffer = asInNode(Shipped);

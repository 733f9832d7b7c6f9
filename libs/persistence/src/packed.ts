/** Byte strings behind one another, and where to cut them: 1-based, as PostgreSQL counts. */
export interface PackedBytes {
  readonly bytes: Buffer;
  /** An array as PostgreSQL reads it. */
  readonly starts: string;
  readonly lengths: string;
}

/** Packs byte strings of any lengths into one. */
export function packBytes(parts: readonly Uint8Array[]): PackedBytes {
  const starts: number[] = [];
  let at = 1;
  for (const { length } of parts) {
    starts.push(at);
    at += length;
  }
  return {
    bytes: Buffer.concat(parts),
    starts: integers(starts),
    lengths: integers(parts.map(({ length }) => length)),
  };
}

/** Writes exact integers as an array that PostgreSQL reads. */
export function integers(values: readonly (number | bigint)[]): string {
  return `{${values.join(',')}}`;
}

/** Writes texts below one another. None may have a newline: it would be one text too many. */
export function lines(texts: readonly string[]): string {
  return texts.join('\n');
}

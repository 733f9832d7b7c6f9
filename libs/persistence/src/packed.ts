/** Byte strings behind one another, and where to cut them: 1-based, as PostgreSQL counts. */
export interface PackedBytes {
  readonly bytes: Buffer;
  /** An array as PostgreSQL reads it. */
  readonly starts: string;
  readonly lengths: string;
}

/** Packs byte strings of any lengths into one. */
export function packBytes(parts: readonly Uint8Array[]): PackedBytes {
  return packed(
    Buffer.concat(parts),
    parts.map(({ length }) => length),
  );
}

/** Packs texts, as UTF-8. */
export function packTexts(texts: readonly string[]): PackedBytes {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const text of texts) at += bytes.write(text, at);
  return packed(bytes, lengths);
}

/** Writes exact integers as an array that PostgreSQL reads. */
export function integers(values: readonly (number | bigint)[]): string {
  return `{${values.join(',')}}`;
}

/** Writes texts below one another. None may have a newline: it would be one text too many. */
export function lines(texts: readonly string[]): string {
  return texts.join('\n');
}

function packed(bytes: Buffer, lengths: readonly number[]): PackedBytes {
  let at = 1;
  const starts = lengths.map((length) => {
    at += length;
    return at - length;
  });
  return { bytes, starts: integers(starts), lengths: integers(lengths) };
}

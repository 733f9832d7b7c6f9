/** Which bytes of a file the body of a 206 is: from `startBytes` on, before `endBytes`. */
export interface ContentRange {
  readonly startBytes: number;
  readonly endBytes: number;
  readonly totalBytes: number;
}

const ONE_RANGE = /^bytes ([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15})$/;

/**
 * Reads a Content-Range header; null where it is no range of a file of known size.
 *
 * Source: RFC 9110 section 14.4
 */
export function parseContentRange(header: string | undefined): ContentRange | null {
  const [, first, last, total] = ONE_RANGE.exec(header ?? '') ?? [];
  const range = {
    startBytes: Number(first),
    endBytes: Number(last) + 1,
    totalBytes: Number(total),
  };
  const isRange = range.startBytes < range.endBytes && range.endBytes <= range.totalBytes;
  return isRange ? range : null;
}

import { parseLines } from './key-value.js';

/** What os-release says of the system; `null` where it does not. */
export interface OsRelease {
  readonly id: string | null;
  readonly version: string | null;
  readonly name: string | null;
}

/**
 * Reads the text of /etc/os-release. Rolling systems have no version.
 *
 * Source: os-release(5)
 */
export function parseOsRelease(text: string): OsRelease {
  const values = parseLines(text, '=');
  return {
    id: unquote(values.get('ID')),
    version: unquote(values.get('VERSION_ID')),
    name: unquote(values.get('PRETTY_NAME')),
  };
}

function unquote(value: string | undefined): string | null {
  if (value === undefined) return null;
  const [, , inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return (inner ?? value).replace(/\\(["'$`\\])/g, '$1');
}

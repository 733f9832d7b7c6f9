import { quote } from '#libs/encoding';
import { pathText } from '#libs/manifest';
import { ImageError } from '../error.js';
import { MAX_NAME_BYTES } from '../limits.js';

/** A member's name, and what was cut off it to make its path. */
export interface MemberPath {
  /** As in a manifest; the archive's own folder is `.`. */
  readonly path: string;
  /** `./` before and a slash after, as they stood, so that the bytes can be told again. */
  readonly trimmed: string;
}

/**
 * Makes a path of a member's name. Nothing is extracted here, but who reads the manifest may: a name
 * that leaves its folder is refused, one that is no text comes out escaped.
 *
 * @throws ImageError BAD_MEMBER_NAME
 */
export function memberPath(raw: Buffer): MemberPath {
  const name = raw.toString('latin1');
  const [before = ''] = /^(?:\.\/)+/.exec(name) ?? [];
  const after = name.length > before.length && name.endsWith('/') ? '/' : '';
  const path = pathText(raw.subarray(before.length, raw.length - after.length));
  const trimmed = `${before}*${after}`;
  if (path === '' && before !== '') return { path: '.', trimmed };
  if (path === '' || raw.length > MAX_NAME_BYTES) {
    const what = path === '' ? 'has no name' : `has a name of more than ${MAX_NAME_BYTES} bytes`;
    throw new ImageError('BAD_MEMBER_NAME', `a member ${what}`);
  }
  if (path.startsWith('/') || path.split('/').includes('..')) {
    throw new ImageError('BAD_MEMBER_NAME', `member ${quote(path)} leaves the archive's folder`);
  }
  return { path, trimmed };
}

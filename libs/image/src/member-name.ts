import { quote } from '#libs/encoding';
import { ImageError } from './error.js';
import { MAX_NAME_BYTES } from './limits.js';

/**
 * Takes a member's name, without a leading `./` or a closing slash.
 *
 * Nothing is extracted here, but the names go into signed statements and onto pages, and a later
 * reader may extract: what leaves its folder or hides in control characters is refused at once.
 *
 * @throws ImageError BAD_MEMBER_NAME for an empty, absolute, climbing or overlong name, and for
 * one with control characters
 */
export function memberName(raw: string): string {
  const name = raw.replace(/^(?:\.\/)+/, '').replace(/\/$/, '');
  if (name === '' || name === '.') {
    // `tar cf x .` writes its own folder first.
    if (raw.startsWith('.')) return '.';
    throw new ImageError('BAD_MEMBER_NAME', 'a member has no name');
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new ImageError('BAD_MEMBER_NAME', `a member name is longer than ${MAX_NAME_BYTES} bytes`);
  }
  if (name.startsWith('/') || name.split('/').includes('..')) {
    throw new ImageError('BAD_MEMBER_NAME', `member ${quote(name)} leaves the archive's folder`);
  }
  if (/\p{Cc}/u.test(name)) {
    throw new ImageError('BAD_MEMBER_NAME', `member ${quote(name)} has control characters`);
  }
  return name;
}

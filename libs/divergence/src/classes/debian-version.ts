/** What Debian and Ubuntu write into versions of their own, and hardly anything else does. */
const MARK = [
  '[0-9a-z]ubuntu\\d|\\dbuild\\d|[+~]deb\\d|[+]nmu\\d|[.+~]dfsg|~bpo\\d|~\\d\\d\\.\\d\\d',
].join('|');
const VERSION = '(?:\\d{1,5}:)?\\d[0-9a-z.+~-]{0,80}';
const ARCHITECTURES = 'amd64|arm64|armhf|i386|ppc64el|riscv64|s390x|all';

/**
 * Versions of Debian packages, for an expression that ignores case: told by their own form, or by
 * their place after a name and before an architecture, as `dpkg -l` has them.
 *
 * Source: deb-version(7), dpkg-query(1)
 */
export const DEBIAN_VERSION_SOURCE = [
  `(?:(?<![\\w.+~:-])|(?<=[a-z0-9]_))(?=\\d[0-9a-z.+~:-]{0,60}?(?:${MARK}))${VERSION}`,
  `(?=\\d)(?<=^(?:[a-z]{2} {1,2})?[a-z0-9][a-z0-9+.:-]{1,80}[ \\t]{1,60})${VERSION}(?=[ \\t]{1,60}(?:${ARCHITECTURES})\\b)`,
].join('|');

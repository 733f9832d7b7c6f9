import { check, judgeFlag, ok, unknown, warning } from '../machine-check.js';
import { sources } from '../sources.js';
import { asUser, byHand } from '../steps.js';

const USUAL_UID = 1000;
const USUAL_LOCALES = /^(?:C|POSIX|(?:C|en_US)\.(?:UTF-8|utf8))$/;

/** Who builds, and with which settings. */
export const userChecks = [
  check('uid', {
    expected: String(USUAL_UID),
    hard: null,
    warns: 'any other',
    why: 'with another user id the container is given another user and another home',
    source: sources.containerRun,
    judge: ({ 'user.uid': uid }) => {
      if (typeof uid !== 'number') return unknown();
      if (uid === USUAL_UID) return ok(String(uid));
      return warning(
        `${String(uid)}${uid === 0 ? ', which is root' : ''}`,
        byHand('build as the user whose id is 1000, which is the first that Ubuntu makes'),
      );
    },
  }),
  check('umask', {
    expected: '0022',
    hard: null,
    warns: 'any other',
    why: 'modes of files in an image can follow it',
    source: null,
    judge: ({ 'user.umask': umask }) => {
      if (umask === null) return unknown();
      if (umask === '0022') return ok('0022');
      return warning(
        String(umask),
        byHand('run "umask 022" in the shell first, or set UMask=0022 in the systemd unit'),
      );
    },
  }),
  check('locale', {
    expected: 'C.UTF-8, C, POSIX or en_US.UTF-8',
    hard: null,
    warns: 'any other',
    why: 'sorted lists and formats can follow it; that it changes a release was not seen',
    source: null,
    judge: ({ 'locale.collation': collation, 'locale.characters': characters }) => {
      if (collation === null || characters === null) return unknown();
      const names = [...new Set([String(characters), String(collation)])];
      if (names.every((name) => USUAL_LOCALES.test(name))) return ok(names.join(', '));
      return warning(
        names.join(', '),
        byHand('set LANG=C.UTF-8, and unset what begins with LC_, before the builder starts'),
      );
    },
  }),
  check('run-conf', {
    expected: 'there is no ~/.container-run.conf',
    hard: null,
    warns: 'there is one',
    why: 'it silently changes mounts and arguments of the container',
    source: sources.containerRun,
    judge: (machine) => {
      const { 'container.run-conf': isThere, 'path.home': home } = machine;
      const path = `${home}/.container-run.conf`;
      return judgeFlag(
        isThere === null ? null : isThere === true,
        () =>
          warning(
            'there is one',
            asUser('put it aside', 'mv', '--no-clobber', '--', path, `${path}.aside`),
          ),
        () => ok('there is none'),
      );
    },
  }),
] as const;

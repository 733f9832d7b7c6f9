import { isAtLeast } from '../../parsers/version.js';
import { check, error, judgeFlag, ok, unknown, warning } from '../machine-check.js';
import { sources } from '../sources.js';
import { byHand } from '../steps.js';

/** What kind of machine it is, and which system runs on it. */
export const platformChecks = [
  check('architecture', {
    expected: 'x86_64',
    hard: { when: 'any other', failure: 'build-error' },
    warns: null,
    why: 'release images are built on x86_64 only',
    source: sources.requirements,
    judge: ({ 'machine.architecture': architecture }) => {
      if (architecture === null) return unknown();
      if (architecture === 'x86_64') return ok('x86_64');
      return error(
        String(architecture),
        byHand('build on another machine, with an x86_64 processor: an emulated one takes days'),
      );
    },
  }),
  check('system', {
    expected: 'Ubuntu 22.04 or newer',
    hard: null,
    warns: 'older versions, and other systems',
    why: 'the scripts are tried there; Ubuntu 20.04 and Debian have matched too',
    source: sources.requirements,
    judge: ({ 'os.id': id, 'os.version': version, 'os.name': name }) => {
      if (id === null) return unknown();
      const title = String(name ?? id);
      const isNew = id === 'ubuntu' ? isAtLeast(String(version), 22, 4) : false;
      if (isNew === null) return unknown(title);
      if (isNew) return ok(title);
      return warning(
        title,
        byHand('stay as long as hashes match; where they do not, try Ubuntu 22.04 or newer first'),
      );
    },
  }),
  check('virtualisation', {
    expected: 'bare metal, or a hypervisor other than VirtualBox',
    hard: null,
    warns: 'VirtualBox',
    why: 'one setup failed on VirtualBox and built on KVM',
    source: sources.thread12305,
    judge: ({ 'machine.virtualisation': kind }) => {
      if (kind === null) return unknown();
      if (kind !== 'virtualbox') return ok(kind === 'none' ? 'bare metal' : String(kind));
      return warning('VirtualBox', byHand('where builds fail, try them under KVM or without'));
    },
  }),
  check('container', {
    expected: 'not inside a container',
    hard: null,
    warns: 'inside one',
    why: 'there the script builds with the tools that it finds, or refuses: it starts no container',
    source: sources.containerRun,
    judge: ({ 'container.inside': isInside }) =>
      judgeFlag(
        isInside === null ? null : isInside === true,
        () =>
          warning(
            'inside a container',
            byHand('run the builder on the machine itself: the script brings its own container'),
          ),
        () => ok('not inside a container'),
      ),
  }),
  check('nix-shell', {
    expected: 'not inside a nix-shell',
    hard: null,
    warns: 'inside one',
    why: 'scripts of before 2026 refuse to run there',
    source: sources.containerRun,
    judge: ({ 'shell.nix': isInside }) =>
      isInside
        ? warning('inside a nix-shell', byHand('leave the nix-shell, and start again'))
        : ok('not inside a nix-shell'),
  }),
] as const;

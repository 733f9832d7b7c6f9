import { isAtLeast } from '../../parsers/version.js';
import { check, error, judgeFlag, ok, unknown, warning } from '../machine-check.js';
import { sources } from '../sources.js';
import { byHand, install } from '../steps.js';

/**
 * Programs that are started outside of the build's container: by this project git and flock, by the
 * release bash. Archives are read without tar and zstd.
 */
export const toolChecks = [
  check('git', {
    expected: 'git 2.30 or newer',
    hard: { when: 'it is not installed', failure: 'missing-tool' },
    warns: null,
    why: 'the source comes by it, and the script asks it for the commit',
    source: sources.buildScript,
    judge: (machine) => {
      const { 'git.version': version } = machine;
      if (version === null) return unknown('git does not answer');
      if (version !== 'none') return ok(`git ${String(version)}`);
      return error('git is not installed', ...install(machine, 'git'));
    },
  }),
  check('git-version', {
    expected: 'git 2.30 or newer',
    hard: null,
    warns: 'older',
    why: 'older ones do not know options by which the source is fetched',
    source: sources.gitNotes,
    concerns: ({ 'git.version': version }) => version !== 'none',
    judge: ({ 'git.version': version }) => {
      const isNew = isAtLeast(version === null ? null : String(version), 2, 30);
      if (isNew === null) return unknown();
      if (isNew) return ok(String(version));
      return warning(
        String(version),
        byHand('install a newer git; for Ubuntu 20.04 there is one at launchpad.net/~git-core'),
      );
    },
  }),
  check('flock', {
    expected: 'flock is installed',
    hard: { when: 'it is not', failure: 'missing-tool' },
    warns: null,
    why: 'two builds that share a cache take turns by it',
    source: null,
    judge: (machine) =>
      judgeFlag(
        machine['tool.flock'],
        () => ok('flock is installed'),
        () => error('flock is not installed', ...install(machine, 'util-linux')),
      ),
  }),
  check('bash', {
    expected: 'bash is installed',
    hard: { when: 'it is not, and the script is written for it', failure: 'missing-tool' },
    warns: null,
    why: 'the script that builds the release is written for it',
    source: sources.buildScript,
    concerns: (_machine, { engine }) => engine !== null,
    judge: (machine) =>
      judgeFlag(
        machine['tool.bash'],
        () => ok('bash is installed'),
        () => error('bash is not installed', ...install(machine, 'bash')),
      ),
  }),
] as const;

import { isAtLeast } from '../../parsers/version.js';
import type { MachineNeeds } from '../finding.js';
import { check, error, ok, unknown, warning, type Machine } from '../machine-check.js';
import { sources } from '../sources.js';
import { byHand, install } from '../steps.js';

const PACKAGES = { podman: 'podman', docker: 'docker.io' } as const;

function callsPodman(_machine: Machine, { engine }: MachineNeeds): boolean {
  return engine === 'podman';
}

function hasPodman(machine: Machine, needs: MachineNeeds): boolean {
  return callsPodman(machine, needs) && machine['engine.podman'] !== 'none';
}

const NEWER = byHand('install a newer podman: Ubuntu 22.04 brings 3.4, Debian 12 brings 4.3');

/** The container engine, and how the script may call it. */
export const engineChecks = [
  check('engine', {
    expected: 'the container engine that the script calls',
    hard: { when: 'it is not installed', failure: 'missing-tool' },
    warns: null,
    why: 'the build runs in a container, with the tools that the release was built with',
    source: sources.containerRun,
    judge: (machine, { engine }) => {
      if (engine === null) return { ...ok('none is needed yet'), expected: 'none' };
      const version = machine[`engine.${engine}`];
      const expected = engine;
      if (version === null) return { ...unknown(`${engine} does not answer`), expected };
      if (version !== 'none') return { ...ok(`${engine} ${version}`), expected };
      const steps = install(machine, PACKAGES[engine]);
      return { ...error(`${engine} is not installed`, ...steps), expected };
    },
  }),
  check('engine-version', {
    expected: 'podman 3.4 or newer',
    hard: null,
    warns: 'older',
    why: 'podman 3.4 is what Ubuntu 22.04 brings, which the script asks for',
    source: sources.requirements,
    concerns: hasPodman,
    judge: ({ 'engine.podman': version }) => {
      const isNew = isAtLeast(version, 3, 4);
      if (isNew === null) return unknown();
      return isNew ? ok(String(version)) : warning(String(version), NEWER);
    },
  }),
  check('engine-hostuser', {
    expected: 'podman 4 or newer, which has --hostuser',
    hard: null,
    warns: 'podman 3',
    why: 'the script passes --hostuser to podman 4 only, so the users in the container differ',
    source: sources.containerRun,
    concerns: hasPodman,
    judge: ({ 'engine.podman': version }) => {
      const isNew = isAtLeast(version, 4, 0);
      if (isNew === null) return unknown();
      return isNew ? ok(String(version)) : warning(String(version), NEWER);
    },
  }),
  check('sudo', {
    expected: 'sudo works without a password',
    hard: { when: 'sudo is not installed, and the script calls it', failure: 'missing-tool' },
    warns: 'sudo asks for a password',
    why: 'the script runs "sudo podman", and an agent has nobody to type a password',
    source: sources.containerRun,
    concerns: callsPodman,
    judge: (machine) => {
      const { 'sudo.use': use, 'user.name': name } = machine;
      if (use === null) return unknown();
      if (use === 'free') return ok('works without a password');
      if (use === 'none') return error('sudo is not installed', ...install(machine, 'sudo'));
      const user = typeof name === 'string' ? name : 'USER';
      return warning(
        'sudo asks for a password',
        byHand(
          `run visudo -f /etc/sudoers.d/repro-quorum, and write: ${user} ALL=(root) NOPASSWD: ` +
            '/usr/bin/podman. Who may run podman as root is root, so decide it yourself: give ' +
            'the builder a machine of its own',
        ),
      );
    },
  }),
] as const;

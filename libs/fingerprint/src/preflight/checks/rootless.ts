import type { MachineNeeds } from '../finding.js';
import { check, judgeFlag, ok, unknown, warning, type Machine } from '../machine-check.js';
import { sources } from '../sources.js';
import { asRoot, byHand, install } from '../steps.js';

/** What a container needs so that each of its users has an id outside. */
const ENOUGH_IDS = 65_536;

/** Whether podman can run as this user only: the script's own way is sudo, which needs none of it. */
function isRootless(machine: Machine, { engine }: MachineNeeds): boolean {
  const { 'sudo.use': use, 'user.uid': uid } = machine;
  return engine === 'podman' && uid !== 0 && use !== 'free';
}

/** What podman needs where sudo does not work: to run without root. */
export const rootlessChecks = [
  check('subordinate-ids', {
    expected: 'at least 65536 subordinate user and group ids',
    hard: null,
    warns: 'fewer',
    why: 'podman without root maps the users of a container to them',
    source: sources.rootless,
    concerns: isRootless,
    judge: ({ 'rootless.user-ids': users, 'rootless.group-ids': groups, 'user.name': name }) => {
      if (users === null || groups === null) return unknown();
      const found = `${String(users)} user ids, ${String(groups)} group ids`;
      if (Math.min(users, groups) >= ENOUGH_IDS) return ok(found);
      const what = "add ids that no other line of /etc/subuid has, for the builder's user";
      const range = '100000-165535';
      if (typeof name !== 'string') return warning(found, byHand(what));
      return warning(
        found,
        asRoot(what, 'usermod', '--add-subuids', range, '--add-subgids', range, '--', name),
      );
    },
  }),
  check('newuidmap', {
    expected: 'newuidmap is installed',
    hard: null,
    warns: 'it is not',
    why: 'podman without root calls it to map users',
    source: sources.rootless,
    concerns: isRootless,
    judge: (machine) =>
      judgeFlag(
        machine['tool.newuidmap'],
        () => ok('newuidmap is installed'),
        () => warning('newuidmap is not installed', ...install(machine, 'uidmap')),
      ),
  }),
  check('user-namespaces', {
    expected: 'allowed without root',
    hard: null,
    warns: 'a setting of the kernel forbids them',
    why: 'podman without root runs in one',
    source: sources.userNamespaces,
    concerns: isRootless,
    judge: ({ 'rootless.namespaces': state }) => {
      if (state === null) return unknown();
      if (state === 'allowed') return ok('allowed without root');
      const mended = MENDED[state];
      const text = 'allow them until the machine is started anew: every program may then use them';
      return warning(
        `forbidden by ${state}`,
        mended === undefined
          ? byHand('allow user namespaces without root: see sysctl(8)')
          : asRoot(text, 'sysctl', '-w', mended),
      );
    },
  }),
] as const;

/** Settings that forbid, and what allows. */
const MENDED: Readonly<Record<string, string>> = {
  'kernel.unprivileged_userns_clone=0': 'kernel.unprivileged_userns_clone=1',
  'user.max_user_namespaces=0': 'user.max_user_namespaces=28633',
  'kernel.apparmor_restrict_unprivileged_userns=1':
    'kernel.apparmor_restrict_unprivileged_userns=0',
};

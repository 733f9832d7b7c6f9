import { isAtLeast } from '../../parsers/version.js';
import { check, judgeFlag, ok, unknown, warning, type Machine } from '../machine-check.js';
import { sources } from '../sources.js';
import { byHand, newFile } from '../steps.js';

const CGROUPFS = '[engine]\ncgroup_manager = "cgroupfs"\n';

/** Whether the podman that the script calls is told to manage control groups by itself. */
function usesCgroupfs(machine: Machine): boolean {
  if (machine['cgroup.manager'] === 'cgroupfs') return true;
  // Through sudo, podman never reads what this user's own file says.
  return machine['sudo.use'] === 'none' && machine['cgroup.user-manager'] === 'cgroupfs';
}

/** Whether containers can be put under control groups. */
export const cgroupChecks = [
  check('cgroup-version', {
    expected: 'control groups v2',
    hard: null,
    warns: 'v1',
    why: 'podman 6 runs on v2 only, and podman 5 warns',
    source: sources.podman6,
    concerns: (_machine, { engine }) => engine === 'podman',
    judge: ({ 'cgroup.version': version, 'os.wsl': wsl }) => {
      if (version === null) return unknown();
      if (version === 2) return ok('v2');
      return warning(
        'v1',
        byHand(
          wsl === 'wsl2'
            ? 'on the Windows side, below [wsl2] in %UserProfile%\\.wslconfig: kernelCommandLine=cgroup_no_v1=all'
            : 'start the kernel with systemd.unified_cgroup_hierarchy=1, or use a newer system',
        ),
      );
    },
  }),
  check('cgroup-pids', {
    expected: 'the controller pids, or podman with cgroup_manager=cgroupfs',
    hard: null,
    warns: 'neither, or WSL 2.9 and newer without cgroupfs',
    why: 'containers ended with "controller pids is not available" on WSL 2.9 and newer',
    source: sources.podmanWsl,
    concerns: (_machine, { engine }) => engine === 'podman',
    judge: (machine) => {
      if (usesCgroupfs(machine)) return ok('podman uses cgroupfs');
      // There every level above a container has the controller, and it fails all the same.
      const isNewWsl = machine['cgroup.moved'] === true || isNew(machine['wsl.version']);
      const what = 'have podman manage control groups by itself';
      const steps = [
        newFile(
          `${what}, for the script's sudo podman`,
          '/etc/containers/containers.conf.d/cgroupfs.conf',
          CGROUPFS,
          true,
        ),
        newFile(
          `${what}, for this user's own`,
          `${machine['path.home']}/.config/containers/containers.conf`,
          CGROUPFS,
          false,
        ),
      ] as const;
      if (isNewWsl) return warning('WSL 2.9 or newer, and podman is not told', ...steps);
      return judgeFlag(
        machine['cgroup.pids'],
        () => ok('the controller pids is there'),
        () => warning('there is no controller pids', ...steps),
      );
    },
  }),
] as const;

function isNew(wsl: string | null): boolean {
  return isAtLeast(wsl, 2, 9) === true;
}

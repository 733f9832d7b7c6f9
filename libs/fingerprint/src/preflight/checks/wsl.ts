import { check, judgeFlag, ok, unknown, warning } from '../machine-check.js';
import { sources } from '../sources.js';
import { byHand, newFile } from '../steps.js';

/** How WSL shows the disks of Windows: WSL 2 by 9p or virtiofs, WSL 1 by drvfs. */
const OF_WINDOWS = new Set(['9p', 'v9fs', 'drvfs', 'virtiofs', 'fuseblk']);

/** What the Windows Subsystem for Linux does otherwise. */
export const wslChecks = [
  check('wsl', {
    expected: 'none, or WSL 2',
    hard: null,
    warns: 'WSL 1',
    why: 'WSL 1 has no Linux kernel, so no container starts there',
    source: sources.wslConfig,
    judge: ({ 'os.wsl': wsl, 'wsl.version': version }) => {
      if (wsl === null) return unknown();
      if (wsl === 'none') return ok('none');
      if (wsl === 'wsl2') return ok(version === null ? 'WSL 2' : `WSL ${version}`);
      return warning(
        'WSL 1',
        byHand(
          'on the Windows side, run: wsl --set-version NAME 2, with the name that wsl -l gives',
        ),
      );
    },
  }),
  check('wsl-systemd', {
    expected: 'systemd runs',
    hard: null,
    warns: 'it does not',
    why: "podman's containers are put under systemd, unless it is told otherwise",
    source: sources.wslSystemd,
    concerns: ({ 'os.wsl': wsl }) => wsl === 'wsl2',
    judge: ({ 'init.systemd': isSystemd }) =>
      judgeFlag(
        isSystemd,
        () => ok('systemd runs'),
        () =>
          warning(
            'systemd does not run',
            newFile('switch systemd on', '/etc/wsl.conf', '[boot]\nsystemd=true\n', true),
            byHand('then, on the Windows side, run: wsl --shutdown'),
          ),
      ),
  }),
  check('wsl-disk', {
    expected: "the Linux disk, such as below the user's home",
    hard: null,
    warns: 'a disk of Windows, such as /mnt/c',
    why: 'owners, modes and block sizes are other ones there, and each file takes many times as long',
    source: sources.wslFilesystems,
    concerns: ({ 'os.wsl': wsl }) => wsl === 'wsl2',
    judge: (machine) => {
      const folders = [
        [machine['path.build'], machine['disk.build.filesystem']],
        [machine['path.cache'], machine['disk.cache.filesystem']],
        [machine['path.home'], machine['disk.home.filesystem']],
        [machine['path.temp'], machine['temp.filesystem']],
      ] as const;
      const moved = folders.filter(
        ([, filesystem]) => typeof filesystem === 'string' && OF_WINDOWS.has(filesystem),
      );
      if (moved.length > 0) {
        return warning(
          moved.map(([path, filesystem]) => `${path} on ${String(filesystem)}`).join(', '),
          byHand('name folders that are not below /mnt: --build-dir, BUILD_DIR and their like'),
        );
      }
      return folders.some(([, filesystem]) => filesystem === null)
        ? unknown()
        : ok('the Linux disk');
    },
  }),
] as const;

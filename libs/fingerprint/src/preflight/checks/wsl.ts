import { check, judgeFlag, ok, unknown, warning } from '../machine-check.js';
import { sources } from '../sources.js';
import { byHand, newFile } from '../steps.js';

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
] as const;

import { access } from 'node:fs/promises';
import { attempt } from '../attempt.js';
import { versionOf } from '../parsers/version.js';
import type { MachineExtras } from '../preflight/extras.js';
import type { Looking, ToolName } from '../request.js';
import { readText } from './file.js';
import { askTool } from './tool.js';

type ProgramExtras = Pick<
  MachineExtras,
  Extract<keyof MachineExtras, `${'engine' | 'tool' | 'sudo' | 'wsl' | 'init'}.${string}`>
>;

/** Where Windows programs are, for a PATH that has only the folders of the system. */
const WSL_EXE = '/mnt/c/Windows/System32/wsl.exe';

/** Reads which programs are there, and whether they can be used. */
export async function readPrograms(looking: Looking): Promise<ProgramExtras> {
  const { timeoutMs } = looking;
  const [podman, docker, bash, flock, newuidmap, sudo, wsl, systemd] = await Promise.all([
    readVersion('podman', looking),
    readVersion('docker', looking),
    isThere('bash', looking),
    isThere('flock', looking),
    isThere('newuidmap', looking),
    // -n asks nobody: it fails where a password would be wanted.
    askTool('sudo', ['-n', 'true'], looking),
    readWslVersion(looking),
    attempt(timeoutMs, () => isSystemd()),
  ]);
  return {
    'engine.podman': podman,
    'engine.docker': docker,
    'tool.bash': bash,
    'tool.flock': flock,
    'tool.newuidmap': newuidmap,
    'sudo.use': sudo === 'absent' ? 'none' : sudo && (sudo.exitCode === 0 ? 'free' : 'asks'),
    'wsl.version': wsl,
    'init.systemd': systemd,
  };
}

async function readVersion(tool: ToolName, looking: Looking): Promise<string | null> {
  const answer = await askTool(tool, ['--version'], looking);
  return answer === 'absent' ? 'none' : answer && versionOf(answer.output);
}

async function isThere(tool: ToolName, looking: Looking): Promise<boolean | null> {
  const answer = await askTool(tool, ['--version'], looking);
  return answer === null ? null : answer !== 'absent';
}

async function readWslVersion(looking: Looking): Promise<string | null> {
  const kernel = await readText('/proc/version', looking.timeoutMs);
  if (kernel === null) return null;
  if (!/microsoft|WSL/i.test(kernel) && looking.commands?.['wsl.exe'] === undefined) return 'none';
  const commands = { 'wsl.exe': WSL_EXE, ...looking.commands };
  const answer = await askTool('wsl.exe', ['--version'], { ...looking, commands });
  // It writes UTF-16, in the language of Windows; its own version stands first.
  return answer === null || answer === 'absent'
    ? null
    : versionOf(answer.output.replaceAll('\0', ''));
}

/** Source: sd_booted(3) */
async function isSystemd(): Promise<boolean> {
  return access('/run/systemd/system').then(
    () => true,
    () => false,
  );
}

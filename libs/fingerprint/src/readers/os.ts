import { access } from 'node:fs/promises';
import { machine, release } from 'node:os';
import { attempt, tried } from '../attempt.js';
import type { MachineFacts } from '../facts.js';
import { parseCpuinfo } from '../parsers/cpuinfo.js';
import { parseOsRelease } from '../parsers/os-release.js';
import { virtualisationOf } from '../parsers/virtualisation.js';
import { wslOf } from '../parsers/wsl.js';
import type { Wsl } from '../parsers/wsl.js';
import type { Looking } from '../request.js';
import { readText } from './file.js';
import { askTool } from './tool.js';

type OsFacts = Pick<
  MachineFacts,
  | 'machine.architecture'
  | 'machine.virtualisation'
  | 'os.id'
  | 'os.version'
  | 'os.name'
  | 'os.kernel'
  | 'os.wsl'
>;

/** Reads which system this is, on which kind of machine. */
export async function readOs(looking: Looking): Promise<OsFacts> {
  const { timeoutMs } = looking;
  const [etc, lib, wsl] = await Promise.all([
    readText('/etc/os-release', timeoutMs),
    readText('/usr/lib/os-release', timeoutMs),
    readWsl(timeoutMs),
  ]);
  const { id, version, name } = parseOsRelease(etc ?? lib ?? '');
  return {
    'machine.architecture': tried(machine),
    'machine.virtualisation': await readVirtualisation(wsl, looking),
    'os.id': id,
    'os.version': version,
    'os.name': name,
    'os.kernel': tried(release),
    'os.wsl': wsl,
  };
}

async function readWsl(timeoutMs: number): Promise<Wsl | null> {
  const [version, interop] = await Promise.all([
    readText('/proc/version', timeoutMs),
    attempt(timeoutMs, () => access('/proc/sys/fs/binfmt_misc/WSLInterop').then(() => true)),
  ]);
  return version === null ? null : wslOf(version, interop === true);
}

async function readVirtualisation(wsl: Wsl | null, looking: Looking): Promise<string | null> {
  const { timeoutMs } = looking;
  const [answer, vendor, product, cpu] = await Promise.all([
    askTool('systemd-detect-virt', ['--vm'], looking),
    readText('/sys/class/dmi/id/sys_vendor', timeoutMs),
    readText('/sys/class/dmi/id/product_name', timeoutMs),
    readText('/proc/cpuinfo', timeoutMs),
  ]);
  return virtualisationOf({
    wsl,
    detected: answer === null || answer === 'absent' ? null : answer.output.trim(),
    dmi: [vendor, product].map((text) => (text ?? '').trim()).join(' '),
    hypervisor: parseCpuinfo(cpu ?? '').hypervisor,
  });
}

import { readClockSkew } from '../readers/clock-skew.js';
import { readControlGroups } from '../readers/control-groups.js';
import { readFolder } from '../readers/folder.js';
import { readIsolation } from '../readers/isolation.js';
import { readPrograms } from '../readers/programs.js';
import { readRootless } from '../readers/rootless.js';
import { DEFAULT_TIMEOUT_MS } from '../request.js';
import type { ExtrasRequest } from '../request.js';
import type { MachineExtras } from './extras.js';

/**
 * Reads what preflight looks at beside the facts of readMachine. What cannot be read, or not in
 * time, is `null`; nothing throws. Starts short programs as readMachine does, makes and changes
 * nothing, and asks hosts for the time only where `clockUrls` names some.
 */
export async function readExtras(request: ExtrasRequest): Promise<MachineExtras> {
  const looking = { ...request, timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS };
  const { buildDir, cacheDir, tempDir, home, shell, clockUrls, timeoutMs } = looking;
  const [programs, rootless, groups, isolation, build, cache, temp, own, skew] = await Promise.all([
    readPrograms(looking),
    readRootless(looking),
    readControlGroups(looking),
    readIsolation(looking),
    readFolder(buildDir, timeoutMs),
    readFolder(cacheDir, timeoutMs),
    readFolder(tempDir, timeoutMs),
    readFolder(home, timeoutMs),
    readClockSkew(clockUrls ?? [], timeoutMs),
  ]);
  return {
    ...programs,
    ...rootless,
    ...groups,
    ...isolation,
    'folder.build': build,
    'folder.cache': cache,
    'folder.temp': temp,
    'folder.home': own,
    'path.build': buildDir,
    'path.cache': cacheDir,
    'path.temp': tempDir,
    'path.home': home,
    'shell.nix': (shell?.['IN_NIX_SHELL'] ?? '') !== '',
    'clock.skew': skew,
  };
}

import type { MachineFacts } from './facts.js';
import { readContainer } from './readers/container.js';
import { readDisks } from './readers/disks.js';
import { readHardware } from './readers/hardware.js';
import { readOs } from './readers/os.js';
import { readUser } from './readers/user.js';
import { DEFAULT_TIMEOUT_MS } from './request.js';
import type { MachineRequest } from './request.js';

/**
 * Reads every fact that the machine itself tells. A fact that cannot be read, or not in time, is
 * `null`; nothing throws. Starts four short programs (podman, docker, git, systemd-detect-virt)
 * with a PATH, a home and a locale, and changes nothing.
 */
export async function readMachine(request: MachineRequest): Promise<MachineFacts> {
  const looking = { ...request, timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS };
  const [os, hardware, disks, user, container] = await Promise.all([
    readOs(looking),
    readHardware(looking),
    readDisks(looking),
    readUser(looking),
    readContainer(looking),
  ]);
  return { ...os, ...hardware, ...disks, ...user, ...container };
}

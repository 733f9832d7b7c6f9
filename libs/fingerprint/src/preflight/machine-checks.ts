import { cgroupChecks } from './checks/cgroups.js';
import { clockChecks } from './checks/clock.js';
import { diskChecks } from './checks/disks.js';
import { engineChecks } from './checks/engine.js';
import { isolationChecks } from './checks/isolation.js';
import { memoryChecks } from './checks/memory.js';
import { platformChecks } from './checks/platform.js';
import { rootlessChecks } from './checks/rootless.js';
import { tempChecks } from './checks/temp.js';
import { toolChecks } from './checks/tools.js';
import { userChecks } from './checks/user.js';
import { wslChecks } from './checks/wsl.js';

/** Every check of a machine, in the order in which it is shown; documented in docs/doctor.md. */
export const machineChecks = [
  ...platformChecks,
  ...memoryChecks,
  ...diskChecks,
  ...tempChecks,
  ...engineChecks,
  ...cgroupChecks,
  ...rootlessChecks,
  ...wslChecks,
  ...toolChecks,
  ...userChecks,
  ...isolationChecks,
  ...clockChecks,
] as const;

/** Name of a check. */
export type MachineCheckName = (typeof machineChecks)[number]['name'];

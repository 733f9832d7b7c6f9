import { readMachine, readUmask, type MachineFacts, type MachineRequest } from '#libs/fingerprint';
import { buildSettings } from '../build/build-settings.js';
import type { Config } from '../config.js';

/** Reads what the machine tells, as a build of this agent will find it. */
export async function measure(
  config: Config,
  base: Readonly<NodeJS.ProcessEnv>,
): Promise<MachineFacts> {
  return readMachine(await machineRequest(config, base));
}

/** Says where this agent builds, and with which settings. */
export async function machineRequest(
  config: Config,
  base: Readonly<NodeJS.ProcessEnv>,
): Promise<MachineRequest> {
  return {
    buildDir: config.BUILD_DIR,
    cacheDir: config.CACHE_DIR,
    tempDir: config.BUILD_TMPDIR,
    home: config.BUILD_HOME,
    env: buildSettings(config, base),
    umask: await readUmask(),
  };
}

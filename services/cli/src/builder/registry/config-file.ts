import { parseEnv } from 'node:util';
import { readText } from '../../read-file.js';

/**
 * Adds an agent's configuration file to the environment, which goes before it, as it does for systemd's
 * `EnvironmentFile=` of an agent that is started by hand.
 *
 * @param path null where none was named
 * @throws CommandError usage
 */
export async function withConfig(
  path: string | null,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<Readonly<NodeJS.ProcessEnv>> {
  if (path === null) return environment;
  return { ...parseEnv(await readText(path)), ...environment };
}

import { join } from 'node:path';
import { execa } from 'execa';
import type { MachineFacts } from '#libs/fingerprint';
import type { BuilderEnvironment } from '../world/builder-environment/builder-environment.js';
import { enter } from '../world/builder-environment/enter.js';
import { prepare } from '../world/builder-environment/prepare.js';
import { projectRoot } from '../world/project-root.js';
import type { FactsRequest } from './print-facts.js';

/** Measures a machine's facts inside an environment, in a process of its own there. */
export async function measure(
  environment: BuilderEnvironment,
  buildDir: string,
): Promise<MachineFacts> {
  const { user: name, ...asOurselves } = environment;
  const { home, tempDir } = environment;
  await prepare(environment);
  const user = name === undefined ? null : { name, groupId: await groupOf(name) };
  const request: FactsRequest = { buildDir, tempDir, home, user };
  const program = join(projectRoot(), 'dist/e2e/explain/print-facts.js');
  const command = [process.execPath, program, JSON.stringify(request)];
  const { file, args, env } = enter(asOurselves, command);
  const { stdout } = await execa(file, args, { env });
  return JSON.parse(stdout) as MachineFacts;
}

async function groupOf(user: string): Promise<number> {
  const { stdout } = await execa('id', ['-g', user]);
  return Number(stdout);
}

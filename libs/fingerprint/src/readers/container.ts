import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '#libs/encoding';
import { attempt } from '../attempt.js';
import type { MachineFacts } from '../facts.js';
import { versionOf } from '../parsers/version.js';
import type { Looking } from '../request.js';
import { readBytes } from './file.js';
import { askTool } from './tool.js';

type ContainerFacts = Pick<
  MachineFacts,
  | 'container.inside'
  | 'container.engine'
  | 'container.version'
  | 'container.run-conf'
  | 'container.run-conf-digest'
  | 'git.version'
>;

/** Files by which the release's own script knows that it runs in a container. */
const INSIDE = ['/.dockerenv', '/run/.containerenv'];

/** Reads what the build will run in, and the tools that it will be run with. */
export async function readContainer(looking: Looking): Promise<ContainerFacts> {
  const { home, timeoutMs } = looking;
  const conf = join(home, '.container-run.conf');
  const [inside, engine, present, digest, git] = await Promise.all([
    attempt(timeoutMs, async () => (await Promise.all(INSIDE.map(isThere))).includes(true)),
    readEngine(looking),
    attempt(timeoutMs, () => isThere(conf)),
    attempt(timeoutMs, async () => sha256(await readBytes(conf))),
    askTool('git', ['--version'], looking),
  ]);
  return {
    'container.inside': inside,
    'container.engine': engine.name,
    'container.version': engine.version,
    'container.run-conf': present,
    'container.run-conf-digest': present === false ? 'none' : digest,
    'git.version': git === 'absent' ? 'none' : git && versionOf(git.output),
  };
}

/** The engine that the release's script prefers, else the other one. */
async function readEngine(
  looking: Looking,
): Promise<{ name: string | null; version: string | null }> {
  const [podman, docker] = await Promise.all([
    askTool('podman', ['--version'], looking),
    askTool('docker', ['--version'], looking),
  ]);
  if (podman !== 'absent' && podman !== null) {
    return { name: 'podman', version: versionOf(podman.output) };
  }
  // A podman that is there but does not answer must not be reported as docker.
  if (podman === null || docker === null) return { name: null, version: null };
  if (docker === 'absent') return { name: 'none', version: 'none' };
  return { name: 'docker', version: versionOf(docker.output) };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

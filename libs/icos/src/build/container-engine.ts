import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { BuildUser } from '../isolation/build-user.js';
import { runAs } from '../isolation/run-as.js';
import type { Sighting } from './container-sighting.js';
import { type EngineName, type ImageFacts, readImageFacts } from './image-facts.js';
import { SYSTEM_PATH } from './system-path.js';

/** In whose name engines are asked: the build's environment, and its user where it has one. */
export interface EngineAsker {
  readonly env: Readonly<Record<string, string>>;
  readonly user: BuildUser | null;
}

const TIMEOUT_MS = 10_000;
/** Nothing of the build's is in it. */
const AS_ROOT: EngineAsker = { env: { PATH: SYSTEM_PATH, HOME: '/root' }, user: null };
const MAX_ANSWER_BYTES = 8 * 1024 ** 2;
const MAX_CONTAINERS = 100;

const Containers = z.array(
  z.object({
    Image: z.string().regex(/^(?:sha256:)?[0-9a-f]{64}$/),
    Mounts: z.array(z.object({ Source: z.string().optional() })),
  }),
);
/**
 * Asks an engine for a running container that mounts the worktree. Null when there is none;
 * undefined when the engine is not there, or does not answer this user.
 *
 * Source: podman-ps(1), podman-container-inspect(1); docker(1) answers in the same shape
 */
export async function findContainer(
  engine: EngineName,
  worktree: string,
  asker: EngineAsker,
): Promise<Sighting | null | undefined> {
  const found = await findAs(engine, worktree, asker);
  // The script's own way is sudo, whose containers only root is told of.
  if (asker.user === null || (found !== null && found !== undefined)) return found;
  return (await findAs(engine, worktree, AS_ROOT)) ?? found;
}

async function findAs(
  engine: EngineName,
  worktree: string,
  asker: EngineAsker,
): Promise<Sighting | null | undefined> {
  const listed = await ask(engine, ['ps', '--quiet', '--no-trunc'], asker);
  if (listed === undefined) return undefined;
  const ids = listed.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
  if (ids.length === 0) return null;
  const inspect = ['container', 'inspect', ...ids.slice(0, MAX_CONTAINERS)];
  const containers = parsed(Containers, await ask(engine, inspect, asker));
  if (containers === undefined) return undefined;
  const found = containers.find(({ Mounts }) => Mounts.some(({ Source }) => Source === worktree));
  return found === undefined ? null : { engine, imageId: found.Image.replace('sha256:', '') };
}

/** Asks an engine what an image is; nulls where it does not tell. */
export async function inspectImage(
  engine: EngineName,
  imageId: string,
  asker: EngineAsker,
): Promise<ImageFacts> {
  const inspect = ['image', 'inspect', imageId];
  const told = await ask(engine, inspect, asker);
  if (told !== undefined || asker.user === null) return readImageFacts(engine, told ?? '');
  return readImageFacts(engine, (await ask(engine, inspect, AS_ROOT)) ?? '');
}

/**
 * Podman without root begins by making a store in the home, and a process that keeps its namespace.
 * Where the build has made none, nothing of the kind is done in its place.
 */
async function mayAsk(engine: EngineName, { env, user }: EngineAsker): Promise<boolean> {
  const isRoot = user === null && process.geteuid?.() === 0;
  if (engine === 'docker' || isRoot) return true;
  const store = join(env['HOME'] ?? '/', '.local/share/containers');
  return access(store).then(
    () => true,
    () => false,
  );
}

async function ask(
  engine: EngineName,
  args: readonly string[],
  asker: EngineAsker,
): Promise<string | undefined> {
  if (!(await mayAsk(engine, asker))) return undefined;
  const { env, user } = asker;
  // Never as root in the build's home: what lies there tells an engine which programs to start.
  const command = [engine, ...args] as const;
  const [file, ...rest] =
    user === null ? command : runAs(user, command, { noNewPrivileges: false });
  const answer = await execa(file, rest, {
    ...{ env, extendEnv: false, stdin: 'ignore', stderr: 'ignore', reject: false },
    ...{ timeout: TIMEOUT_MS, forceKillAfterDelay: 1_000, maxBuffer: MAX_ANSWER_BYTES, cwd: '/' },
  });
  // What it could not find, such as a container that has just ended, it leaves out, and fails.
  return answer.failed && answer.stdout === '' ? undefined : answer.stdout;
}

function parsed<T>(shape: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return shape.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { Sighting } from './container-sighting.js';
import { type EngineName, type ImageFacts, readImageFacts } from './image-facts.js';

const TIMEOUT_MS = 10_000;
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
  env: Readonly<Record<string, string>>,
): Promise<Sighting | null | undefined> {
  const listed = await ask(engine, ['ps', '--quiet', '--no-trunc'], env);
  if (listed === undefined) return undefined;
  const ids = listed.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
  if (ids.length === 0) return null;
  const inspect = ['container', 'inspect', ...ids.slice(0, MAX_CONTAINERS)];
  const containers = parsed(Containers, await ask(engine, inspect, env));
  if (containers === undefined) return undefined;
  const found = containers.find(({ Mounts }) => Mounts.some(({ Source }) => Source === worktree));
  return found === undefined ? null : { engine, imageId: found.Image.replace('sha256:', '') };
}

/** Asks an engine what an image is; nulls where it does not tell. */
export async function inspectImage(
  engine: EngineName,
  imageId: string,
  env: Readonly<Record<string, string>>,
): Promise<ImageFacts> {
  return readImageFacts(engine, (await ask(engine, ['image', 'inspect', imageId], env)) ?? '');
}

/**
 * Podman without root begins by making a store in the home, and a process that keeps its namespace.
 * Where the build has made none, nothing of the kind is done in its place.
 */
async function mayAsk(engine: EngineName, env: Readonly<Record<string, string>>): Promise<boolean> {
  if (engine === 'docker' || process.geteuid?.() === 0) return true;
  const store = join(env['HOME'] ?? '/', '.local/share/containers');
  return access(store).then(
    () => true,
    () => false,
  );
}

async function ask(
  engine: EngineName,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (!(await mayAsk(engine, env))) return undefined;
  const answer = await execa(engine, args, {
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

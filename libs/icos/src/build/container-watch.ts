import { setTimeout as delay } from 'node:timers/promises';
import type { BuildUser } from '../isolation/build-user.js';
import { findContainer, inspectImage, type EngineAsker } from './container-engine.js';
import { takeViewpoint, type Sighting } from './container-sighting.js';
import type { EngineName, ImageOrigin } from './image-facts.js';
import { Newcomers } from './newcomers.js';

/** What was seen of containers while a build ran. */
export interface ContainerTrace {
  /** Whether a process ran in a container that has the worktree; null when that could not be seen. */
  readonly ran: boolean | null;
  /** `podman` or `docker`; null when unknown. */
  readonly engine: string | null;
  /** `sha256:<hex>` of the image's manifest, as the engine tells it; null when it does not. */
  readonly imageDigest: string | null;
  /** Null when the engine does not tell for certain. */
  readonly imageOrigin: ImageOrigin | null;
}

/** Which build is watched. */
export interface ContainerWatchRequest {
  readonly worktree: string;
  /** The build's environment, in which engines are asked. */
  readonly env: Readonly<Record<string, string>>;
  /** Who runs the build, and is asked as; default whoever watches. */
  readonly user?: BuildUser | null;
  /** Ends the watch as `stop` does. */
  readonly signal?: AbortSignal;
  /** Time between two looks, in milliseconds; default a second. It is shorter in the beginning. */
  readonly everyMs?: number;
}

/** A watch that goes on until it is stopped. */
export interface ContainerWatch {
  /** Ends the watch, and tells what was seen. It never rejects, and may be called again. */
  stop(): Promise<ContainerTrace>;
}

const UNKNOWN: ContainerTrace = { ran: null, engine: null, imageDigest: null, imageOrigin: null };
const ENGINES = ['podman', 'docker'] as const;
const DEFAULT_EVERY_MS = 1_000;
const FIRST_LOOKS_PER_INTERVAL = 10;
/** From this look on, five times more seldom: a build that has no container yet hardly gets one. */
const PATIENT_LOOKS = 120;
const LONGEST_ENGINE_PAUSE = 60;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Watches, from now until it is stopped, whether a build really runs in a container. Processes of a
 * container are not the build's children (the engine's monitor is their parent), so they are known
 * by what they see: another root with an engine's mark, and the worktree among the mounts.
 *
 * A container of another user, such as `sudo podman` makes, is out of sight of an agent without
 * rights: then the engines that this user may ask are asked, and without an answer `ran` is null,
 * never false. The build is not touched, and no trouble of the watch reaches it.
 *
 * Source: dfinity/ic ci/container/build-ic.sh and container-run.sh: one version's test whether to
 * enter the container is turned round, so it is looked at and not assumed
 */
export function watchContainers(request: ContainerWatchRequest): ContainerWatch {
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, ...(request.signal ? [request.signal] : [])]);
  const trace = watch(request, signal).catch(() => UNKNOWN);
  return {
    stop: async () => {
      stopping.abort();
      // A root on a filesystem that does not answer holds a look for ever.
      const late = delay(STOP_TIMEOUT_MS, UNKNOWN, { ref: false });
      return Promise.race([trace, late]);
    },
  };
}

async function watch(
  { worktree, env, user = null, everyMs = DEFAULT_EVERY_MS }: ContainerWatchRequest,
  signal: AbortSignal,
): Promise<ContainerTrace> {
  const newcomers = new Newcomers();
  const asker = { env, user };
  const view = await takeViewpoint(worktree);
  let pauseMs = everyMs / FIRST_LOOKS_PER_INTERVAL;
  let engineDue = performance.now() + everyMs;
  let enginePauseMs = everyMs;
  for (let looks = 1; ; looks += 1) {
    const isLast = signal.aborted;
    let sighting = await newcomers.sight(view);
    if (sighting === null && newcomers.isBlind && performance.now() >= engineDue) {
      sighting = await askEngines(view.worktree, asker);
      enginePauseMs = Math.min(enginePauseMs * 2, everyMs * LONGEST_ENGINE_PAUSE);
      engineDue = performance.now() + enginePauseMs;
    }
    if (sighting !== null) return describe(sighting, view.worktree, asker);
    if (isLast) return { ...UNKNOWN, ran: newcomers.isBlind ? null : false };
    await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, looks > PATIENT_LOOKS ? everyMs * 5 : everyMs);
  }
}

async function askEngines(worktree: string, asker: EngineAsker): Promise<Sighting | null> {
  for (const engine of ENGINES) {
    const sighting = await findContainer(engine, worktree, asker);
    if (sighting !== null && sighting !== undefined) return sighting;
  }
  return null;
}

/** The container may not know its image, or not say; its engine does. */
async function describe(
  { engine, imageId }: Sighting,
  worktree: string,
  asker: EngineAsker,
): Promise<ContainerTrace> {
  const seen = { ...UNKNOWN, ran: true, engine };
  if (engine === null) return seen;
  try {
    const id = imageId ?? (await imageOf(engine, worktree, asker));
    if (id === null) return seen;
    const { digest, origin } = await inspectImage(engine, id, asker);
    return { ...seen, imageDigest: digest, imageOrigin: origin };
  } catch {
    return seen;
  }
}

async function imageOf(
  engine: EngineName,
  worktree: string,
  asker: EngineAsker,
): Promise<string | null> {
  return (await findContainer(engine, worktree, asker))?.imageId ?? null;
}

import { readdir } from 'node:fs/promises';
import { attempt } from '../attempt.js';
import type { MachineFacts } from '../facts.js';
import { parseMountinfo } from '../parsers/mountinfo.js';
import type { Looking } from '../request.js';
import { readText } from './file.js';
import { readVolume } from './volume.js';

type DiskFacts = Pick<MachineFacts, Extract<keyof MachineFacts, `${'disk' | 'temp'}.${string}`>>;

/** Reads the filesystems of the build, its cache, its home and its temp directory. */
export async function readDisks(looking: Looking): Promise<DiskFacts> {
  const { buildDir, cacheDir, tempDir, home, timeoutMs } = looking;
  const mounts = parseMountinfo((await readText('/proc/self/mountinfo', timeoutMs)) ?? '');
  const [build, cache, temp, own, warm] = await Promise.all([
    readVolume(buildDir, mounts, timeoutMs),
    readVolume(cacheDir, mounts, timeoutMs),
    readVolume(tempDir, mounts, timeoutMs),
    readVolume(home, mounts, timeoutMs),
    attempt(timeoutMs, () => isWarm(cacheDir)),
  ]);
  return {
    'disk.build.filesystem': build.filesystem,
    'disk.build.size': build.sizeBytes,
    'disk.build.free': build.freeBytes,
    'disk.cache.filesystem': cache.filesystem,
    'disk.cache.size': cache.sizeBytes,
    'disk.cache.free': cache.freeBytes,
    'disk.cache.warm': warm,
    'disk.home.filesystem': own.filesystem,
    'disk.home.size': own.sizeBytes,
    'disk.home.free': own.freeBytes,
    'temp.filesystem': temp.filesystem,
    'temp.tmpfs': temp.tmpfs,
    'temp.size': temp.sizeBytes,
    'temp.free': temp.freeBytes,
    'temp.block-size': temp.blockSizeBytes,
  };
}

async function isWarm(cacheDir: string): Promise<boolean> {
  try {
    return (await readdir(cacheDir)).length > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

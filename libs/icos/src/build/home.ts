import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote, sha256, type Sha256 } from '#libs/encoding';
import { IcosError } from '../error.js';
import { type CacheState, readCacheState } from './cache-state.js';
import { readSmallFile } from './small-file.js';

/** Which home a build is to have. */
export interface HomeRequest {
  /** The operator's persistent home for builds; made when it is not there. */
  readonly home: string;
  /** Folder of this one build, not there or empty; the home of a cold build. */
  readonly dir: string;
  /** `cold` is what attests; `warm` builds with whatever earlier builds left. */
  readonly cache: 'cold' | 'warm';
  /** The checked-out commit, whose `user.bazelrc` and cache folders are looked at. */
  readonly worktree?: string;
}

/** The home that a build gets, and what was measured of it before the build. */
export interface BuildHome {
  readonly home: string;
  /** Measured, not what was asked for: a cold home does not help where an rc file names a server. */
  readonly cacheState: CacheState;
  /** What was seen when the state is not `cold`. It may tell private paths. */
  readonly cacheReason: string | null;
  /** Digest of the `.container-run.conf` that this build uses; null without one. */
  readonly containerRunConfSha256: Sha256 | null;
}

const CONF = '.container-run.conf';
const MAX_CONF_BYTES = 1024 ** 2;

/**
 * Prepares the home directory of a build. A cold one is new and empty but for `.container-run.conf`,
 * which the operator means to be used: no rc files, caches, keys or tokens of the persistent home
 * come along. A warm one is the persistent home as it is.
 *
 * @throws IcosError NOT_READABLE when `.container-run.conf` is there but cannot be read, or is
 * larger than 1 MiB: a build without it would be another build
 * @throws IcosError NOT_STARTED when `dir` cannot be made or is not empty
 * Source: dfinity/ic ci/container/container-run.sh
 */
export async function prepareHome(request: HomeRequest): Promise<BuildHome> {
  const { cache, dir, worktree } = request;
  const home = cache === 'cold' ? dir : request.home;
  const conf = await readConf(join(request.home, CONF));
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    // Whatever stood there would be used by the build, and taken for nothing.
    if (cache === 'cold' && (await readdir(home)).length > 0) throw new Error('it is not empty');
    if (cache === 'cold' && conf !== null) await writeFile(join(home, CONF), conf, { mode: 0o600 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new IcosError('NOT_STARTED', `no home can be made in ${quote(home)}: ${reason}`, {
      cause,
    });
  }
  const containerRunConf = conf?.toString('utf8') ?? '';
  const { state, why } = await readCacheState({ home, worktree, containerRunConf });
  return {
    home,
    cacheState: state,
    cacheReason: why,
    containerRunConfSha256: conf === null ? null : sha256(conf),
  };
}

async function readConf(path: string): Promise<Buffer | null> {
  const bytes = await readSmallFile(path, MAX_CONF_BYTES + 1).catch((cause: unknown) => {
    throw new IcosError('NOT_READABLE', `cannot read ${quote(path)}, which the build would use`, {
      cause,
    });
  });
  if (bytes === null || bytes.length <= MAX_CONF_BYTES) return bytes;
  throw new IcosError('NOT_READABLE', `${quote(path)} is larger than ${MAX_CONF_BYTES} bytes`);
}

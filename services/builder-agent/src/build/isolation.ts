import { chmod, mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { Logger } from '@nestjs/common';
import {
  askAs,
  blockMetadata,
  endUser,
  findBuildUser,
  IcosError,
  rootWayOf,
  type BuildLimits,
  type BuildUser,
  type RootWay,
} from '#libs/icos';
import { ConfigError } from '#libs/platform';
import type { Config } from '../config.js';
import { checkReach } from './reach.js';

/** Who runs a build, until it is given back. */
export interface Lease {
  /** Null for the agent's own user. */
  readonly user: BuildUser | null;
  readonly rootWay: RootWay;
  readonly limits: BuildLimits;
  /** Ends what still runs as that user, and lets another build have it. */
  release(): Promise<void>;
}

interface Tenant {
  readonly user: BuildUser;
  readonly rootWay: RootWay;
}

/** The part of a machine's memory that a build may have where nothing else is said. */
const MEMORY_SHARE = 0.9;

/**
 * Who runs this agent's builds. Where the agent is root, a user of their own, one for each build that
 * runs at a time; and where that user is not there, visibly, the agent's own.
 */
export class Isolation {
  private readonly logger = new Logger(Isolation.name);
  private readonly free: Tenant[] = [];
  private readonly waiting: ((tenant: Tenant) => void)[] = [];
  private prepared: Promise<boolean> | undefined;

  constructor(private readonly config: Config) {}

  /**
   * Finds the users, once, and looks at what they can reach.
   *
   * @returns whether builds have a user of their own
   * @throws ConfigError for a user who may not run builds, who can read a key or the outbox, or
   * cannot reach the build's folders
   */
  async prepare(): Promise<boolean> {
    this.prepared ??= this.findUsers();
    return this.prepared;
  }

  /** Waits until a user is free; nothing runs as it then. */
  async take(): Promise<Lease> {
    if (!(await this.prepare())) {
      const limits = limitsOf(this.config, null);
      return { user: null, rootWay: null, limits, release: () => Promise.resolve() };
    }
    const tenant =
      this.free.shift() ??
      (await new Promise<Tenant>((resolve) => {
        this.waiting.push(resolve);
      }));
    const { user, rootWay } = tenant;
    // An agent that was killed may have left a build behind.
    await this.clear(tenant);
    return {
      ...{ user, rootWay, limits: limitsOf(this.config, user) },
      release: async () => {
        await this.clear(tenant);
        this.giveBack(tenant);
      },
    };
  }

  /** Whatever goes wrong, the user is given to the next build, which clears it first: nobody waits for ever. */
  private async clear(tenant: Tenant): Promise<void> {
    try {
      await endUser(tenant.user);
    } catch (error) {
      this.giveBack(tenant);
      throw error;
    }
  }

  private giveBack(tenant: Tenant): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(tenant);
    else next(tenant);
  }

  private async findUsers(): Promise<boolean> {
    const isFound = await this.look();
    const { BUILD_DISK, BUILD_DISK_BYTES } = this.config;
    if (BUILD_DISK === 'loop' && (!isFound || BUILD_DISK_BYTES === undefined)) {
      throw new ConfigError(
        'BUILD_DISK is not usable: a disk for each build takes root, a BUILD_USER and BUILD_DISK_BYTES',
      );
    }
    return isFound;
  }

  private async look(): Promise<boolean> {
    const { BUILD_USER } = this.config;
    if (process.geteuid?.() !== 0) {
      this.logger.warn('builds run as the agent, which is not root: they can read its keys');
      return false;
    }
    for (const name of BUILD_USER) {
      const user = await this.find(name);
      if (user !== null) await this.welcome(user);
    }
    if (this.free.length > 0) return true;
    this.logger.warn(
      `builds run as the agent, which is root: they can read its keys. There is no user ${BUILD_USER.join(', ') || 'that BUILD_USER names'}`,
    );
    return false;
  }

  private async find(name: string): Promise<BuildUser | null> {
    try {
      return await findBuildUser(name);
    } catch (error) {
      if (!(error instanceof IcosError) || error.code !== 'BAD_BUILD_USER') throw error;
      throw new ConfigError(`BUILD_USER is not usable: ${error.message}`, { cause: error });
    }
  }

  private async welcome(user: BuildUser): Promise<void> {
    const label = user.name ?? String(user.uid);
    if (!(await askAs(user, ['test', '-x', '/']))) {
      throw new ConfigError(`BUILD_USER is not usable: no program runs as ${label} by setpriv`);
    }
    await this.makeFolders();
    await checkReach(this.config, user);
    const rootWay = await rootWayOf(user);
    if (rootWay !== null) {
      this.logger.warn(`${label} can become root by ${rootWay}: it holds no build that wants out`);
    }
    if ((await blockMetadata(user)) === 'open') {
      this.logger.warn(`${label} can reach the addresses of cloud metadata: no rule could be made`);
    }
    this.free.push({ user, rootWay });
  }

  private async makeFolders(): Promise<void> {
    const { STATE_DIR, BUILD_DIR, BUILD_TMPDIR } = this.config;
    await mkdir(STATE_DIR, { recursive: true, mode: 0o700 });
    // Whatever it was made with: jobs, sealed results and kept images are the agent's alone.
    await chmod(STATE_DIR, 0o700);
    await mkdir(BUILD_DIR, { recursive: true, mode: 0o711 });
    await mkdir(BUILD_TMPDIR, { recursive: true, mode: 0o711 });
  }
}

/** What a build may use, as the operator has it. */
export function limitsOf(config: Config, user: BuildUser | null): BuildLimits {
  const { BUILD_DISK_BYTES, BUILD_DISK } = config;
  const memoryBytes =
    config.BUILD_MEMORY_BYTES ??
    (user === null ? undefined : Math.floor(totalmem() * MEMORY_SHARE));
  const isWatched = BUILD_DISK === 'watch';
  return {
    wallClockMs: config.BUILD_TIMEOUT_SECONDS * 1000,
    processes: config.BUILD_PROCESSES,
    outputBytes: config.BUILD_LOG_BYTES,
    openFiles: config.BUILD_OPEN_FILES,
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(isWatched && { freeBytes: config.BUILD_DISK_RESERVE_BYTES }),
    ...(isWatched && BUILD_DISK_BYTES !== undefined && { diskBytes: BUILD_DISK_BYTES }),
  };
}

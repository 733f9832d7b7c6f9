import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { buildEnvironment } from '../build/build-environment.js';
import { runBuild, type BuildEnd } from '../build/build.js';
import type { BuildUser } from './build-user.js';
import { endUser } from './hand-over.js';
import type { BuildLimits } from './limits.js';

/** Whether builds can be run as others here. */
export const isRoot = process.getuid?.() === 0;
/** An id that nobody has, and no other process of specs takes. */
export const SPEC_UID = 2_000_000 + process.pid;

/** A folder in which scripts are run as builds. */
export interface Room {
  readonly user: BuildUser;
  readonly at: (name: string) => string;
  /** Runs a script as a build of that user. */
  readonly build: (
    script: string,
    limits?: BuildLimits,
    groupName?: string | null,
  ) => Promise<BuildEnd>;
  /** Runs a script as a build of whoever runs the spec. */
  readonly buildAsIs: (script: string, limits: BuildLimits) => Promise<BuildEnd>;
}

/** Opens a room for one test; it is gone after it, with all that runs as its user. */
export async function openRoom(): Promise<Room> {
  const dir = await mkdtemp(join(tmpdir(), 'isolation-'));
  await chmod(dir, 0o711);
  const user: BuildUser = { name: null, uid: SPEC_UID, gid: SPEC_UID, subordinateIds: [] };
  onTestFinished(async () => {
    if (isRoot) await endUser(user);
    await rm(dir, { recursive: true, force: true });
  });
  const at = (name: string): string => join(dir, name);
  const worktree = at('ic');
  await mkdir(worktree);
  const run = async (
    script: string,
    builder: BuildUser | null,
    limits: BuildLimits,
    groupName: string | null,
  ): Promise<BuildEnd> => {
    await writeFile(join(worktree, 'build.sh'), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    return runBuild({
      ...{ worktree, command: ['./build.sh'], logPath: at('build.log'), graceMs: 300 },
      env: buildEnvironment({}, { home: worktree, tmpDir: worktree }),
      confinement: { user: builder, rootWay: null, limits, groupName },
      noNewPrivileges: builder !== null,
    });
  };
  return {
    ...{ user, at },
    build: async (script, limits = {}, groupName = `repro-quorum-spec-${process.pid}`) => {
      await chown(worktree, user.uid, user.gid);
      return run(script, user, limits, groupName);
    },
    buildAsIs: async (script, limits) => run(script, null, limits, null),
  };
}

/** What /proc/self/cgroup says of the hierarchy that this process is in. */
export interface ControlGroups {
  /** 2 only where nothing of the older hierarchies is mounted. */
  readonly version: 1 | 2 | null;
  /** Whether an older hierarchy has the controller; v2 tells it elsewhere. */
  readonly hasOldPids: boolean;
  /** Path in v2. */
  readonly path: string | null;
}

/**
 * Reads the text of /proc/self/cgroup.
 *
 * Source: cgroups(7)
 */
export function parseControlGroups(text: string): ControlGroups {
  const lines = text.split('\n').flatMap((line) => {
    const [, id, controllers = '', path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    return id === undefined || path === undefined ? [] : [{ id, controllers, path }];
  });
  const old = lines.filter(({ id }) => id !== '0').flatMap((line) => line.controllers.split(','));
  const unified = lines.find(({ id }) => id === '0');
  // A hybrid names systemd's own hierarchy and v2 at once; containers are then put under v1.
  const isOld = old.some((name) => name !== '');
  return {
    version: isOld ? 1 : unified === undefined ? null : 2,
    hasOldPids: old.includes('pids'),
    path: unified?.path ?? null,
  };
}

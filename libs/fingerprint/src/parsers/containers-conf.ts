/**
 * Finds what texts of containers.conf, in the order in which podman reads them, say of who manages
 * control groups: `cgroupfs`, `systemd` or `default`. The last word counts.
 *
 * Source: containers.conf(5), table engine
 */
export function cgroupManagerOf(texts: readonly string[]): string {
  let manager = 'default';
  for (const text of texts) {
    let table = '';
    for (const line of text.split('\n')) {
      table = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)?.[1] ?? table;
      const [, value] = /^\s*cgroup_manager\s*=\s*["'](\w{1,20})["']/.exec(line) ?? [];
      if (table === 'engine' && value !== undefined) manager = value;
    }
  }
  return manager;
}

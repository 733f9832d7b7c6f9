import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from '#libs/platform';
import type { Config } from '../config.js';
import { IMAGE_SUFFIX, MANIFEST_SUFFIX } from '../explain/kept-round.js';
import type { AgentMeters } from './agent-meters.js';

const KINDS = { images: IMAGE_SUFFIX, manifests: MANIFEST_SUFFIX };

/** What is left on the agent's disks, and what earlier rounds take of it. */
export function diskSample(
  config: Pick<Config, 'STATE_DIR' | 'BUILD_DIR'>,
  meters: AgentMeters,
): Sample {
  return {
    name: 'disk',
    take: async () => {
      const free = meters.gauge('quorum_agent_free_bytes');
      free.reset();
      for (const [folder, path] of [
        ['state', config.STATE_DIR],
        ['build', config.BUILD_DIR],
      ] as const) {
        const found = await statfs(path).catch(() => null);
        if (found !== null) free.set({ folder }, found.bavail * found.bsize);
      }
      const kept = await filesBelow(join(config.STATE_DIR, 'kept'));
      for (const [kind, suffix] of Object.entries(KINDS)) {
        const own = kept.filter(({ name }) => name.endsWith(suffix));
        const bytes = own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        meters.gauge('quorum_agent_kept_bytes').set({ kind }, bytes);
      }
    },
  };
}

/** Files two folders down; one that goes meanwhile is not there. */
async function filesBelow(
  folder: string,
): Promise<readonly { readonly name: string; readonly sizeBytes: number }[]> {
  const files: { name: string; sizeBytes: number }[] = [];
  for (const round of await readdir(folder).catch(() => [])) {
    for (const name of await readdir(join(folder, round)).catch(() => [])) {
      const found = await stat(join(folder, round, name)).catch(() => null);
      // As the disk has it: holes take nothing.
      if (found !== null) files.push({ name, sizeBytes: found.blocks * 512 });
    }
  }
  return files;
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../world/project-root.js';

/** Paths of the programs that `.ci/steps/tools.sh` brings for manifests; null where it could not. */
export interface KubernetesTools {
  readonly kubectl: string;
  readonly helm: string;
}

/** Finds kubectl and helm of the pinned version: what a machine has of its own may be years old. */
export function kubernetesTools(): KubernetesTools | null {
  const tools = join(projectRoot(), '.tools');
  const folder = readdirSync(tools).find((name) => /^kubernetes-\d/.test(name));
  if (folder === undefined) return null;
  return { kubectl: join(tools, folder, 'kubectl'), helm: join(tools, folder, 'helm') };
}

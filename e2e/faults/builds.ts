import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '../stack/stack.js';

/** Counts how often each builder began to build, by what its agent logged. */
export async function buildsBegun(stack: Stack): Promise<readonly number[]> {
  return Promise.all(
    stack.builders.map(async (_, at) => {
      const path = join(stack.dir, 'builders', `builder-${at + 1}`, 'agent.log');
      const log = await readFile(path, 'utf8');
      return [...log.matchAll(/: building ic\//g)].length;
    }),
  );
}

import { join } from 'node:path';
import { projectRoot } from '../world/project-root.js';

/** Path of a program that the build made: the stack runs what users run. */
export function entry(name: 'coordinator' | 'builder-agent' | 'cli'): string {
  return join(projectRoot(), 'dist/services', name, 'src/main.js');
}

import type { TreeFile } from './fast-import.js';
import { readTree } from './tree.js';

/** What a revision can mean to do to the machine that builds it. */
export const MALICE = [
  'read-secrets',
  'fork-bomb',
  'fill-disk',
  'fill-memory',
  'endless-log',
  'outlive',
] as const;

/** One ill intent, and what its author knew beforehand, such as the folder of another build. */
export interface Malice {
  readonly what: (typeof MALICE)[number];
  readonly told?: string;
}

/** Gives the files that make a release malicious: its own build of images is gone. */
export async function maliceFiles({ what, told = '-' }: Malice): Promise<readonly TreeFile[]> {
  const conf = Buffer.from(`${what} ${told}\n`);
  return [
    ...(await readTree('malice')),
    { path: 'ic-os/malice.conf', executable: false, content: conf },
  ];
}

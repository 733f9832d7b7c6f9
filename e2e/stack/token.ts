import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The token that a stack's coordinators know: it may do everything. The clients of specs send the same. */
export const STACK_TOKEN = `rqt_${'5bec'.repeat(3)}_${'0123456789abcdef'.repeat(4)}`;

/** Headers of a request that changes something. */
export const ASKING = {
  'content-type': 'application/json',
  authorization: `Bearer ${STACK_TOKEN}`,
} as const;

/** Writes the token as a coordinator reads it, and gives the file. */
export async function writeToken(dir: string): Promise<string> {
  const path = join(dir, 'admin.token');
  await writeFile(path, STACK_TOKEN, { mode: 0o600 });
  return path;
}

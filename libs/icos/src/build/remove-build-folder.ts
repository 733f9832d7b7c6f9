import { resolve } from 'node:path';
import { quote } from '#libs/encoding';
import { execa } from 'execa';
import { SYSTEM_PATH } from './system-path.js';

const MAX_WORDS_CHARACTERS = 300;

/**
 * Removes the folders of a build, although Bazel takes the right to write away from what it made:
 * only root would get rid of them otherwise. What is not there is no error.
 *
 * @throws Error for what cannot be removed
 */
export async function removeBuildFolder(path: string): Promise<void> {
  await remove(path).catch(async () => {
    await openFolders(path);
    await remove(path);
  });
}

/**
 * By programs that go down folder by folder: a build may nest them deeper than any path can tell, and
 * what it exchanges for a link meanwhile leads nowhere.
 * Source: rm(1)
 */
function remove(path: string): Promise<void> {
  return run('rm', '--recursive', '--force', '--', resolve(path));
}

/** Links are not followed; what is another user's, or gone, shows when it is removed. Source: find(1) */
async function openFolders(path: string): Promise<void> {
  const closed = ['-type', 'd', '!', '-perm', '-0700'];
  const opened = ['-execdir', 'chmod', 'u+rwx', '--', '{}', ';'];
  await run('find', '-P', resolve(path), ...closed, ...opened).catch(() => undefined);
}

async function run(file: string, ...args: readonly string[]): Promise<void> {
  const child = execa(file, args, {
    ...{ env: { PATH: SYSTEM_PATH, LC_ALL: 'C' }, extendEnv: false, cwd: '/' },
    ...{ reject: false, stdin: 'ignore', stdout: 'ignore', buffer: false },
  });
  let firstLine = '';
  // The others tell the same of a million other files, and would fill the memory.
  for await (const line of child.iterable({ from: 'stderr' })) firstLine ||= line;
  const { failed, shortMessage } = await child;
  if (!failed) return;
  const words = firstLine === '' ? (shortMessage ?? '') : firstLine;
  throw new Error(`${file} failed: ${quote(words.slice(0, MAX_WORDS_CHARACTERS))}`);
}

import { execa } from 'execa';
import type { Figure } from '../benchmark.js';
import type { ImagePair } from './image-pair.js';
import { checkNamed } from './named-files.js';

const LEAST_RATIO = 50;
/** Longer nobody waits: then it is only known to be slower than that. */
const TIMEOUT_MS = 600_000;

/**
 * Lets diffoscope compare the two trees as they would be extracted, which is what it can do without a
 * virtual machine; nothing where it is not installed.
 *
 * @throws Error where it ends and names anything but the file that was found by walking
 */
export async function measureDiffoscope(
  { trees, path }: ImagePair,
  walkMs: number,
  tell: (line: string) => void,
): Promise<readonly Figure[]> {
  const version = await execa('diffoscope', ['--version'], { reject: false });
  if (version.failed) {
    tell('diffoscope is not installed here: not compared with it');
    return [];
  }
  const startMs = performance.now();
  const options = ['--exclude-directory-metadata=yes', '--text=-', '--no-progress'];
  const { stdout, timedOut } = await execa('diffoscope', [...options, ...trees], {
    ...{ reject: false, timeout: TIMEOUT_MS, maxBuffer: 16 * 1024 ** 2 },
  });
  const ms = performance.now() - startMs;
  const ratio = Math.round(ms / walkMs);
  if (!timedOut) checkNamed(stdout, path);
  const names = timedOut ? 'had not ended' : 'names the same file';
  return [
    {
      ...{ what: version.stdout, rate: `${(ms / 1000).toFixed(1)} s, ${names}`, ratio: null },
      sentence: `walking is ${ratio} times as fast as diffoscope on the extracted trees (at least ${LEAST_RATIO})`,
      isMissed: ratio < LEAST_RATIO,
    },
  ];
}

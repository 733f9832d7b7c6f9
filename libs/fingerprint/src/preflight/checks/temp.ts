import type { FactValue } from '../../facts.js';
import { GB, gigabytes } from '../gigabytes.js';
import { check, error, judgeFlag, ok, unknown, warning, type Judgement } from '../machine-check.js';
import { sources } from '../sources.js';
import { byHand } from '../steps.js';

const USUAL_BLOCK_BYTES = 4096;
/** One root partition of GuestOS: 20,971,520 sectors of 512 bytes. */
const ROOT_PARTITION_BYTES = 20_971_520 * 512;
/** What a compiler asks for, and as much again for files that take up memory. */
const ENOUGH_FOR_TMPFS_BYTES = 32 * GB;

function judgeRoom(bytes: FactValue, path: string): Judgement {
  if (typeof bytes !== 'number') return unknown();
  if (bytes >= ROOT_PARTITION_BYTES) return ok(gigabytes(bytes));
  return warning(
    gigabytes(bytes),
    byHand(
      `make room in ${path}, or name another temp directory: TMPDIR, --temp-dir, BUILD_TMPDIR`,
    ),
  );
}

/** The filesystem on which a build makes its images. */
export const tempChecks = [
  check('temp-block-size', {
    expected: `${String(USUAL_BLOCK_BYTES)} bytes`,
    hard: { when: 'another size than this commit asks for', failure: 'build-error' },
    warns: 'other than 4096 bytes, where the commit does not look',
    why: 'archives of images hold a map of their holes, and the map follows the block size',
    source: sources.reproducibility,
    judge: ({ 'temp.block-size': size, 'temp.filesystem': filesystem }, needs) => {
      if (typeof size !== 'number') return unknown();
      const wanted = needs.tempBlockSizeBytes ?? USUAL_BLOCK_BYTES;
      const found = `${String(size)} bytes on ${String(filesystem ?? 'an unknown filesystem')}`;
      if (size === wanted) return ok(found);
      const judge = needs.tempBlockSizeBytes === null ? warning : error;
      return {
        ...judge(
          found,
          byHand(
            `name a temp directory with blocks of ${String(wanted)} bytes, such as ext4 has by ` +
              'default: --temp-dir, BUILD_TMPDIR. No filesystem changes its blocks in place',
          ),
        ),
        expected: `${String(wanted)} bytes`,
      };
    },
  }),
  check('temp-tmpfs', {
    expected: 'a disk, or a tmpfs and at least 32 GB of memory with swap',
    hard: null,
    warns: 'a tmpfs with less',
    why: 'its files take up memory: a build with 16 GB found no space, and without its tmpfs had other hashes',
    source: sources.thread19486,
    judge: ({ 'temp.tmpfs': isTmpfs, 'memory.ram': ram, 'memory.swap': swap }) =>
      judgeFlag(
        isTmpfs === null ? null : isTmpfs === true,
        () => {
          if (typeof ram !== 'number') return unknown('a tmpfs, and memory could not be read');
          const memory = ram + (typeof swap === 'number' ? swap : 0);
          const found = `a tmpfs, and ${gigabytes(memory)} of memory with swap`;
          if (memory >= ENOUGH_FOR_TMPFS_BYTES) return ok(found);
          return warning(
            found,
            byHand(
              'name a temp directory on a disk: --temp-dir, BUILD_TMPDIR. Leave the mounts of the ' +
                "commit's own script as they are",
            ),
          );
        },
        () => ok('no tmpfs'),
      ),
  }),
  check('temp-size', {
    expected: `at least ${gigabytes(ROOT_PARTITION_BYTES)}`,
    hard: null,
    warns: 'less',
    why: 'a root partition of GuestOS is as large before it is packed',
    source: sources.guestosPartitions,
    judge: (machine) => judgeRoom(machine['temp.size'], machine['path.temp']),
  }),
  check('temp-free', {
    expected: `at least ${gigabytes(ROOT_PARTITION_BYTES)}`,
    hard: null,
    warns: 'less',
    why: 'a root partition of GuestOS is as large before it is packed; a full one ends a build',
    source: `${sources.guestosPartitions}, ${sources.thread19486}`,
    judge: (machine) => judgeRoom(machine['temp.free'], machine['path.temp']),
  }),
] as const;

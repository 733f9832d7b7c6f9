import { GB, gigabytes } from '../gigabytes.js';
import { jobsFor } from '../jobs.js';
import { check, ok, unknown, warning, type Judgement, type Machine } from '../machine-check.js';
import type { FixStep } from '../finding.js';
import { sources } from '../sources.js';
import { asRoot, byHand } from '../steps.js';

const ENOUGH_BYTES = 16 * GB;
const LITTLE_BYTES = 8 * GB;
const SWAP_BYTES = 8 * GB;
const SWAP_FILE = '/swapfile-repro-quorum';

const MORE_SWAP: readonly [FixStep, ...FixStep[]] = [
  asRoot('make a file of 8 GB', 'fallocate', '--length', '8G', SWAP_FILE),
  asRoot('keep it from readers', 'chmod', '600', SWAP_FILE),
  asRoot('make it swap', 'mkswap', SWAP_FILE),
  asRoot('use it until the machine is started anew', 'swapon', SWAP_FILE),
];

/** Tells how much memory is there; in WSL it is given by a file on the Windows side. */
function judgeMemory(
  { 'memory.ram': ram, 'memory.swap': swap }: Machine,
  more: readonly [FixStep, ...FixStep[]],
): Judgement {
  if (typeof ram !== 'number') return unknown();
  const swapBytes = typeof swap === 'number' ? swap : null;
  const found = `${gigabytes(ram)} of memory, ${gigabytes(swapBytes)} of swap`;
  if (ram >= ENOUGH_BYTES) return ok(found);
  if (ram < LITTLE_BYTES) return warning(`only ${found}: expect it not to end well`, ...more);
  if (swapBytes !== null && swapBytes >= SWAP_BYTES) return warning(found, ...more);
  return warning(`${found}, which is too little of both`, ...more);
}

/** What to write on the Windows side; from inside it cannot be done reliably. */
function wslConfig(machine: Machine): FixStep {
  // As many processors as the memory that is asked for here has jobs for.
  const processors = jobsFor({ ...machine, 'memory.ram': ENOUGH_BYTES });
  return byHand(
    [
      'on the Windows side, put these lines into %UserProfile%\\.wslconfig, with no more memory',
      'than Windows can spare, and then run: wsl --shutdown',
      '[wsl2]',
      'memory=16GB',
      'swap=16GB',
      `processors=${String(processors)}`,
    ].join('\n'),
  );
}

/** How much memory there is, and how many processors share it. */
export const memoryChecks = [
  check('memory', {
    expected: 'at least 16 GB, or 8 GB with 8 GB of swap',
    hard: null,
    warns: 'below 16 GB; louder below 8 GB, or with less than 8 GB of swap',
    why: 'builds below 16 GB failed, though 8 GB with four processors have matched',
    source: `${sources.requirements}, ${sources.thread12305}`,
    concerns: ({ 'os.wsl': wsl }) => wsl !== 'wsl2',
    judge: (machine) => {
      const { 'memory.swap': swap } = machine;
      const more = typeof swap === 'number' && swap >= SWAP_BYTES ? [] : MORE_SWAP;
      return judgeMemory(machine, [byHand('add memory, where builds fail'), ...more]);
    },
  }),
  check('wsl-memory', {
    expected: 'at least 16 GB, or 8 GB with 8 GB of swap',
    hard: null,
    warns: 'below 16 GB; louder below 8 GB, or with less than 8 GB of swap',
    why: 'WSL gives half of the memory by default; builds failed there that matched without it',
    source: `${sources.thread12305}, ${sources.wslConfig}`,
    concerns: ({ 'os.wsl': wsl }) => wsl === 'wsl2',
    judge: (machine) => judgeMemory(machine, [wslConfig(machine)]),
  }),
  check('wsl-swap', {
    expected: 'at least 8 GB',
    hard: null,
    warns: 'less',
    why: 'WSL makes a small swap by default, and builds failed with it',
    source: `${sources.thread12305}, ${sources.wslConfig}`,
    concerns: ({ 'os.wsl': wsl }) => wsl === 'wsl2',
    judge: (machine) => {
      const { 'memory.swap': swap } = machine;
      if (typeof swap !== 'number') return unknown();
      if (swap >= SWAP_BYTES) return ok(gigabytes(swap));
      return warning(gigabytes(swap), wslConfig(machine));
    },
  }),
  check('processors', {
    expected: 'more than one; the project asks for 8',
    hard: null,
    warns: 'a single one',
    why: 'with one processor a build takes hours; their number has no effect on a hash',
    source: `${sources.requirements}, ${sources.thread12305}`,
    judge: ({ 'cpu.count': count }) => {
      if (typeof count !== 'number') return unknown();
      if (count > 1) return ok(String(count));
      return warning('1', byHand('give the machine more processors, or the build its time'));
    },
  }),
  check('jobs', {
    expected: 'about 2 GB of memory for each processor',
    hard: null,
    warns: 'less',
    why: 'as many compilers run at once as there are processors; 2 GB each is a rule of thumb',
    source: null,
    judge: (machine) => {
      const { 'cpu.count': count, 'memory.ram': ram } = machine;
      if (typeof count !== 'number' || typeof ram !== 'number') return unknown();
      const found = `${String(count)} processors share ${gigabytes(ram)}`;
      const jobs = jobsFor(machine);
      if (jobs >= count) return ok(found);
      return warning(
        found,
        byHand(`build with --jobs ${String(jobs)}: the build gets no more processors than that`),
      );
    },
  }),
] as const;

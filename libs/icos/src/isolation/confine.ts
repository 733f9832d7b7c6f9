import type { BuildUser } from './build-user.js';
import type { ControlGroup } from './control-group.js';
import type { HardLimits } from './hard-limits.js';
import type { BuildLimits } from './limits.js';
import { runAs } from './run-as.js';

type Command = readonly [string, ...string[]];

/** What a build's command is put into. */
export interface Confines {
  /** Null: as whoever runs this. */
  readonly user: BuildUser | null;
  readonly noNewPrivileges: boolean;
  readonly limits: BuildLimits;
  readonly group: ControlGroup | null;
  readonly hard: HardLimits;
}

const MARGIN = 16;
/**
 * What a command goes through before it becomes the build: it closes whatever was left open by those
 * who started the agent, and takes itself into the group, as from outside it could only be put there
 * when it has started something already. Its words are these and no others; what it becomes is an
 * argument. Not sh: that one closes no file whose number has two digits.
 */
const ENTER = [
  'for file in "/proc/$$/fd/"*; do fd=${file##*/}; ((fd < 3)) || exec {fd}>&-; done',
  'while [[ $1 != -- ]]; do echo $$ >"$1" || exit 125; shift; done',
  'shift; exec "$@"',
].join('; ');

/**
 * Puts a command into its group, its limits and its user, in this order, as each takes rights that
 * the next gives away. Without a user of its own nothing is put before it: limits by user count what
 * else that user runs.
 *
 * Source: prlimit(1); getrlimit(2): RLIMIT_NPROC counts all processes and threads of a real user id
 */
export function confine(
  command: Command,
  { user, noNewPrivileges, limits, group, hard }: Confines,
): Command {
  if (user === null) return command;
  // Where the group counts, it is to refuse first: only it tells that it did.
  const margin = group?.holds.processes === true ? MARGIN : 0;
  const limited: Command = [
    'prlimit',
    // A dump of a build's memory is a file that nobody asked for, of any size.
    '--core=0:0',
    ...atMost('nproc', limits.processes, hard.processes, margin),
    ...atMost('nofile', limits.openFiles, hard.openFiles),
    '--',
    ...runAs(user, command, { noNewPrivileges }),
  ];
  // With -p it takes neither functions nor options from the environment.
  return ['/bin/bash', '-p', '-c', ENTER, 'enter', ...(group?.doors ?? []), '--', ...limited];
}

function atMost(
  name: string,
  wanted: number | undefined,
  hard: number,
  margin = 0,
): readonly string[] {
  if (wanted === undefined) return [];
  const limit = Math.min(wanted + margin, hard);
  return [`--${name}=${limit}:${limit}`];
}

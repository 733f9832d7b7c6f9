import type { FamilyMarks } from '../build/process-family.js';
import { confine } from './confine.js';
import type { Confinement } from './confinement.js';
import { ControlGroup } from './control-group.js';
import { readHardLimits } from './hard-limits.js';
import { endOwned, listOwned } from './user-processes.js';

type Command = readonly [string, ...string[]];

/** What a build runs in, as long as it runs. */
export interface OpenConfines {
  readonly group: ControlGroup | null;
  /** Null without a user of its own: then its processes are known by descent alone. */
  readonly marks: FamilyMarks | null;
  readonly wrap: (command: Command) => Command;
  /** Ends what is left, and removes the group. */
  readonly close: () => Promise<void>;
}

/** Makes what a build runs in. */
export async function openConfines(
  { user, limits, groupName }: Confinement,
  noNewPrivileges: boolean,
): Promise<OpenConfines> {
  if (user === null) {
    return { group: null, marks: null, wrap: (command) => command, close: () => Promise.resolve() };
  }
  const group = groupName === null ? null : await ControlGroup.create(groupName, limits);
  const hard = await readHardLimits();
  const end = async (): Promise<void> => {
    await group?.kill();
    await endOwned(user);
  };
  return {
    group,
    marks: {
      find: async () => {
        const owned = await listOwned(user);
        return [...((await group?.members()) ?? []), ...owned.map(({ pid }) => pid)];
      },
      end,
    },
    wrap: (command) => confine(command, { user, noNewPrivileges, limits, group, hard }),
    close: async () => {
      await end();
      await group?.remove();
    },
  };
}

/** Ends and removes what a build left whose agent was killed: its group, by the name that it had. */
export async function clearConfines(groupName: string): Promise<void> {
  const group = await ControlGroup.create(groupName, {});
  await group?.kill();
  await group?.remove();
}

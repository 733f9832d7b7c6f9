import { GroupId } from '#libs/attestation';
import {
  Group,
  GroupList,
  GroupRounds,
  plain,
  PutGroup,
  ROUTES,
  type GroupReport,
} from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';
import { apiOf, type AskOptions } from '../round/api-of.js';
import { printData, printJson, say } from '../terminal.js';

/** Options of `group set`, as its definition names them. */
export interface SetGroupOptions extends AskOptions {
  readonly name: string;
  readonly members: string;
  readonly threshold: string;
  readonly about?: string;
}

/** Lists all groups, one a line. @throws CommandError */
export async function listGroups(options: AskOptions): Promise<void> {
  const list = await apiOf(options).get(ROUTES.groups, GroupList);
  if (options.json === true) {
    printJson(list);
    return;
  }
  for (const group of list.groups) printData(groupLine(group));
  if (list.groups.length === 0) {
    say('there are no groups: `group set ID --members alice,bob` makes one');
  }
}

/** Shows a group and its last rounds, as they were for it alone. @throws CommandError */
export async function showGroup(id: string, options: AskOptions): Promise<void> {
  const path = pathOf(id);
  const api = apiOf(options);
  const group = await api.get(path, Group);
  const { rounds } = await api.get(`${path}/rounds`, GroupRounds);
  if (options.json === true) {
    printJson({ ...group, rounds });
    return;
  }
  printData(groupLine(group));
  for (const { round, openedAt, report } of rounds) {
    const line = [round.slice(0, 12), openedAt.slice(0, 16), presence(report), report.headline];
    printData(plain(line.join('  '), 1000));
  }
  if (rounds.length === 0) say(`no round was opened for it yet: \`round open --groups ${id}\``);
}

/** Makes a group, or changes it. @throws CommandError */
export async function setGroup(id: string, options: SetGroupOptions): Promise<void> {
  const asked = PutGroup.safeParse({
    ...{ name: options.name, threshold: options.threshold },
    members: options.members.split(',').map((member) => member.trim()),
    about: options.about ?? null,
  });
  if (!asked.success) {
    const [issue] = asked.error.issues;
    throw new CommandError(
      EXIT.usage,
      `--${issue?.path[0]?.toString() ?? 'members'}: ${issue?.message ?? 'cannot be read'}`,
      "for example group set north --name 'The North' --members alice,bob,carol --threshold 2/3",
    );
  }
  const group = await apiOf(options).put(pathOf(id), asked.data, Group);
  if (options.json === true) printJson(group);
  else printData(groupLine(group));
}

/** Removes a group. @throws CommandError */
export async function removeGroup(id: string, options: AskOptions): Promise<void> {
  const group = await apiOf(options).delete(pathOf(id), Group);
  if (options.json === true) printJson(group);
  else say(`group ${group.group} is removed`);
}

/** @throws CommandError usage */
export function groupIds(text: string): string[] {
  return text.split(',').map((each) => idOf(each.trim()));
}

function pathOf(id: string): string {
  return `${ROUTES.groups}/${idOf(id)}`;
}

function idOf(id: string): string {
  const read = GroupId.safeParse(id);
  if (read.success) return read.data;
  throw new CommandError(
    EXIT.usage,
    `${JSON.stringify(id)} is no group's id`,
    'expected up to 40 lower-case letters, digits and hyphens, as `group list` shows',
  );
}

function groupLine({ group, threshold, members, name }: Group): string {
  return plain([group, threshold, members.join(','), name].join('  '), 4000);
}

function presence({ members }: GroupReport): string {
  const there = members.filter(({ attendance }) => attendance === 'attested').length;
  return `${there} of ${members.length} attested`;
}

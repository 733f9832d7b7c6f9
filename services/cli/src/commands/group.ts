import type { Command } from 'commander';
import type { SetGroupOptions } from '../groups/groups.js';
import type { AskOptions } from '../round/api-of.js';

const AFTER_SET = `
Members are operators, by the labels that the roster has. Rounds that were opened for the group before
stay as they were.

Examples:
  repro-quorum group set north --name 'The North' --members alice,bob,carol --threshold 2/3
  repro-quorum round open 138000 --groups north,south --watch`;

/** `group list|show|set|remove` */
export function addGroup(program: Command): void {
  const group = program.command('group').description('communities that attest together');
  group
    .command('list')
    .description('list all groups')
    .action(async (_options: unknown, command: Command) => {
      const { listGroups } = await import('../groups/groups.js');
      await listGroups(command.optsWithGlobals<AskOptions>());
    });
  group
    .command('show')
    .description('show a group, and what rounds came to for it')
    .argument('<group>', 'its id')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { showGroup } = await import('../groups/groups.js');
      await showGroup(id, command.optsWithGlobals<AskOptions>());
    });
  group
    .command('set')
    .description('make a group, or change it')
    .argument('<group>', 'its id: lower-case letters, digits and hyphens')
    .requiredOption('--name <text>', 'what people call it')
    .requiredOption('--members <operators>', 'comma separated')
    .option('--threshold <t>', 'members that have to agree: 3 or 2/3', '2/3')
    .option('--about <url>', 'where people read about it')
    .addHelpText('after', AFTER_SET)
    .action(async (id: string, _options: unknown, command: Command) => {
      const { setGroup } = await import('../groups/groups.js');
      await setGroup(id, command.optsWithGlobals<SetGroupOptions>());
    });
  group
    .command('remove')
    .description('remove a group; its rounds go on telling what it said')
    .argument('<group>', 'its id')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { removeGroup } = await import('../groups/groups.js');
      await removeGroup(id, command.optsWithGlobals<AskOptions>());
    });
}

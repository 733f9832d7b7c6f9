import type { Command } from 'commander';
import type { BuilderOrderKind } from '#libs/attestation';
import type { ApproveOptions } from '../builder/registry/approve.js';
import type { InviteOptions } from '../builder/registry/invite.js';
import type { InviteListOptions } from '../builder/registry/invites.js';
import type { BuilderListOptions } from '../builder/registry/list.js';
import type { OrderOptions } from '../builder/registry/order.js';
import type { StatusOptions } from '../builder/registry/status.js';
import type { AskOptions } from '../round/api-of.js';

const AFTER_ORDER = `
With --operator-key the builder's operator orders it by a signature; without it the group does,
by an access token of scope builders. What the group paused only the group resumes.`;

/** The coordinator that was named, on the command line or before; null for the usual one. */
export function namedCoordinator(command: Command): string | null {
  const { coordinator } = command.optsWithGlobals<{ readonly coordinator: string }>();
  return isCoordinatorTyped(command) || process.env['REPRO_QUORUM_COORDINATOR'] !== undefined
    ? coordinator
    : null;
}

/** Whether a coordinator was named on the command line itself. */
export function isCoordinatorTyped(command: Command): boolean {
  return command.getOptionValueSourceWithGlobals('coordinator') === 'cli';
}

/** `builder status|list|approve|invite|invites|withdraw|calibrate|pause|resume|drain|retire`: the coordinator's registry */
export function addRegistry(builder: Command): void {
  addReads(builder);
  builder
    .command('approve')
    .description('let in a builder that asked to join')
    .argument('<builder>', 'its id')
    .option('--yes', 'approve what is shown without asking')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { approveBuilder } = await import('../builder/registry/approve.js');
      await approveBuilder(id, command.optsWithGlobals<ApproveOptions>());
    });
  addInvites(builder);
  builder
    .command('calibrate')
    .description('have a builder rebuild what others reproduced, and hold it against them')
    .argument('<builder>', 'its id')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { calibrateBuilder } = await import('../builder/registry/calibrate.js');
      await calibrateBuilder(id, command.optsWithGlobals<AskOptions>());
    });
  addOrder(builder, 'pause', 'invite it to no new rounds');
  addOrder(builder, 'resume', 'invite a paused or draining one again');
  addOrder(builder, 'drain', 'retire it once it has nothing left to do');
  addOrder(builder, 'retire', 'retire it now; it may ask to join again');
}

function addInvites(builder: Command): void {
  builder
    .command('invite')
    .description('make a word that lets one builder in at once')
    .option('--hours <n>', 'hours until it is void, at most 720', '72')
    .option('--for <text>', 'whom it is for, for people')
    .option('--operator-public <key>', "the operator's public key: then it is good for nobody else")
    .action(async (_options: unknown, command: Command) => {
      const { inviteBuilder } = await import('../builder/registry/invite.js');
      await inviteBuilder(command.optsWithGlobals<InviteOptions>());
    });
  builder
    .command('invites')
    .description('list the words that let builders in, without their secrets')
    .option('--status <status>', 'only those that stand so: open, used, withdrawn, expired')
    .action(async (_options: unknown, command: Command) => {
      const { listInvites } = await import('../builder/registry/invites.js');
      await listInvites(command.optsWithGlobals<InviteListOptions>());
    });
  builder
    .command('withdraw')
    .description('take back an invite that nobody has used')
    .argument('<invite>', 'its id, or the word itself')
    .action(async (invite: string, _options: unknown, command: Command) => {
      const { withdrawInvite } = await import('../builder/registry/invites.js');
      await withdrawInvite(invite, command.optsWithGlobals<AskOptions>());
    });
}

function addReads(builder: Command): void {
  builder
    .command('status')
    .description('tell how it stands, and what to type next')
    .argument('[builder]', 'its id; that of the key otherwise')
    .option('--dir <dir>', "the builder's folder")
    .option('--key <file>', "the builder's key")
    .option('--passphrase-file <file>', 'passphrase of a key that is locked')
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const { showStatus } = await import('../builder/registry/status.js');
      await showStatus(id, command.optsWithGlobals<StatusOptions>());
    });
  builder
    .command('list')
    .description("list a coordinator's builders")
    .option('--status <status>', 'only those that stand so')
    .action(async (_options: unknown, command: Command) => {
      const { listBuilders } = await import('../builder/registry/list.js');
      await listBuilders(command.optsWithGlobals<BuilderListOptions>());
    });
}

function addOrder(builder: Command, order: BuilderOrderKind, description: string): void {
  builder
    .command(order)
    .description(description)
    .argument('<builder>', 'its id')
    .option('--reason <text>', 'why, for everybody to read')
    .option('--operator-key <file>', "the operator's private key, which signs the order")
    .option('--passphrase-file <file>', 'passphrase of a key that is locked')
    .addHelpText('after', AFTER_ORDER)
    .action(async (id: string, _options: unknown, command: Command) => {
      const { orderBuilder } = await import('../builder/registry/order.js');
      await orderBuilder(order, id, command.optsWithGlobals<OrderOptions>());
    });
}

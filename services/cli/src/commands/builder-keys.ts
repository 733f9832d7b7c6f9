import { Option, type Command } from 'commander';
import type { EnrollOptions } from '../keys/enroll.js';
import type { RevokeOptions } from '../keys/revoke.js';
import type { RotateOptions } from '../keys/rotate.js';

const AFTER = `
Where the operator's key is on another machine, --operator-public and --request make a
request for \`operator sign\`. All of it, step by step: docs/keys.md`;

/** `builder enroll|rotate|revoke`: statements about keys, made without a server. */
export function addBuilderKeys(builder: Command): void {
  addEnroll(builder);
  addRotate(builder);
  addRevoke(builder);
}

function addEnroll(builder: Command): void {
  const command = builder
    .command('enroll')
    .description('make the record that begins a builder: its keys and who answers for it');
  addNewKeys(command)
    .addHelpText('after', AFTER)
    .action(async () => {
      const { enrollBuilder } = await import('../keys/enroll.js');
      await enrollBuilder(command.optsWithGlobals<EnrollOptions>());
    });
}

function addRotate(builder: Command): void {
  const command = builder
    .command('rotate')
    .description('make the record that gives a builder new keys; it keeps its id')
    .option('--old-key <file>', 'private key that ends, which has to agree')
    .option('--old-public <key>', 'instead, for a key that is lost or stolen, and revoked')
    .option('--builder <id>', "the builder's id, where the old key is not its first")
    .option('--reason <text>', 'why, for everybody to read', 'planned');
  addNewKeys(command)
    .addHelpText('after', AFTER)
    .action(async () => {
      const { rotateBuilder } = await import('../keys/rotate.js');
      await rotateBuilder(command.optsWithGlobals<RotateOptions>());
    });
}

function addRevoke(builder: Command): void {
  const command = builder
    .command('revoke')
    .description("make the record that ends a builder's key")
    .option('--key <file>', 'private key that ends')
    .option('--public <key>', 'instead, its public half')
    .option('--builder <id>', "the builder's id, where the key is not its first")
    .addOption(
      new Option('--reason <reason>', 'why')
        .choices(['compromised', 'lost', 'retired', 'superseded'])
        .makeOptionMandatory(),
    )
    .option('--since <time>', 'doubt what it signed from this time on (now)')
    .option('--since-index <n>', 'compromised: what it signed is void from this log index on');
  addRecord(command)
    .addHelpText('after', AFTER)
    .action(async () => {
      const { revokeBuilder } = await import('../keys/revoke.js');
      await revokeBuilder(command.optsWithGlobals<RevokeOptions>());
    });
}

function addNewKeys(command: Command): Command {
  return addRecord(
    command
      .requiredOption('--key <file>', 'private key that signs results')
      .requiredOption('--witness-key <file>', 'private key that cosigns checkpoints')
      .requiredOption('--nats-key <file>', 'private key or seed (SU...) that logs in to NATS')
      .option('--valid-days <n>', 'days from now on that they are valid, at most 1800', '365'),
  );
}

function addRecord(command: Command): Command {
  return command
    .option('--operator-key <file>', "the operator's private key, which signs the record")
    .option('--operator-public <key>', 'instead, its public half, for a request')
    .option('--operator-name <text>', 'what people call the operator (its id)')
    .option('--passphrase-file <file>', 'passphrase of keys that are locked')
    .option('--out <file>', 'where the signed record goes')
    .option('--request <file>', 'where a request goes')
    .option('--submit <url>', 'have the coordinator there log it');
}

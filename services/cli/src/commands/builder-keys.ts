import { Option, type Command } from 'commander';
import { docPage } from '../doc-page.js';
import type { EnrollAnyOptions } from '../keys/enroll-any.js';
import type { RevokeAnyOptions } from '../keys/revoke-any.js';
import type { RotateOptions } from '../keys/rotate.js';
import { isCoordinatorTyped, namedCoordinator } from './builder-registry.js';

const AFTER = `
Where the operator's key is on another machine, --operator-public and --request make a
request for \`operator sign\`. All of it, step by step: ${docPage('keys')}`;

const AFTER_ENROLL = `
With --coordinator, or with --dir and no file to write, the coordinator is asked to have the
builder: the record goes there with what this machine is. Else the record is only made.
Where the operator's key is on another machine: --operator-public and --request, then
\`operator sign\` there, then --enrolment here. The whole way: ${docPage('operator')}

Example:
  repro-quorum builder enroll --coordinator https://quorum.example.org --dir builder \\
    --operator-key operator/operator-key.pem --tags bare-metal,eu --contact ann@example.org`;

/** `builder enroll|rotate|revoke`: statements about keys; but for joining, made without a server. */
export function addBuilderKeys(builder: Command): void {
  addEnroll(builder);
  addRotate(builder);
  addRevoke(builder);
}

function addEnroll(builder: Command): void {
  const command = builder.command('enroll').description('begin a builder: its record, and joining');
  addNewKeys(command, 'optional')
    .option('--dir <dir>', "the builder's folder, instead of a file for each key")
    .option('--enrolment <file>', 'the record, as `operator sign` or `builder rotate` wrote it')
    .option('--invite <word>', 'rqi_… of the group, to be let in at once')
    .option('--tags <words>', 'what rounds may ask for, such as bare-metal,eu')
    .option('--contact <text>', 'how the group reaches you; it becomes public nowhere')
    .option('--slots <n>', 'builds at a time (1)')
    .option('--hours <hours>', 'free when, as "22:00-06:00 Europe/Zurich"')
    .addHelpText('after', AFTER_ENROLL)
    .action(async () => {
      const { enrollAnyBuilder } = await import('../keys/enroll-any.js');
      await enrollAnyBuilder(command.optsWithGlobals<EnrollAnyOptions>(), {
        isNamed: namedCoordinator(command) !== null,
        isTyped: isCoordinatorTyped(command),
      });
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
    .description("end a builder's key, or a builder for ever")
    .argument('[builder]', 'id of a builder of the coordinator, to be cut off there at once')
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
    .action(async (id: string | undefined) => {
      const { revokeAnyBuilder } = await import('../keys/revoke-any.js');
      await revokeAnyBuilder(id, command.optsWithGlobals<RevokeAnyOptions>());
    });
}

const KEYS = [
  ['--key <file>', 'private key that signs results'],
  ['--witness-key <file>', 'private key that cosigns checkpoints'],
  ['--nats-key <file>', 'private key or seed (SU...) that logs in to NATS'],
] as const;

function addNewKeys(command: Command, need: 'optional' | 'mandatory' = 'mandatory'): Command {
  for (const [flags, description] of KEYS) {
    command.addOption(new Option(flags, description).makeOptionMandatory(need === 'mandatory'));
  }
  return addRecord(
    command.option('--valid-days <n>', 'days from now on that they are valid, at most 1800 (365)'),
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

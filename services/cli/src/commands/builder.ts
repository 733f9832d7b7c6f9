import type { Command } from 'commander';
import type { DoctorOptions } from '../builder/doctor/request.js';
import type { InitOptions } from '../builder/init.js';
import type { InitDirOptions } from '../builder/registry/init-dir.js';
import { docPage } from '../doc-page.js';
import { runService } from '../run-service.js';
import { addBuilderKeys } from './builder-keys.js';
import { addRegistry, namedCoordinator } from './builder-registry.js';

const AFTER_DOCTOR = `
Folders are the agent's where its variables are set (BUILD_DIR, CACHE_DIR, BUILD_TMPDIR,
BUILD_HOME), else those of \`check\`. Exit code 2: no build can begin here.
Every check, what is hard and what only warns: ${docPage('doctor')}

Examples:
  repro-quorum builder doctor --build-dir /srv/build --online
  repro-quorum builder doctor --fix`;

const AFTER_INIT = `
With --coordinator its log's key is pinned in the configuration. The whole way:
${docPage('operator')}

Example:
  repro-quorum builder init --dir builder --coordinator https://quorum.example.org`;

const AFTER_RECEIPTS = `
For the operator of a coordinator whose database was lost: \`coordinator restore --receipts\` brings
back from such files what no copy of the log has. Nothing in it is secret, and no result that this
builder has not shown. Both options are the agent's own variables where they are left out.

Example:
  repro-quorum builder receipts --out acme.jsonl`;

interface ReceiptsOptions {
  readonly out: string;
  readonly stateDir?: string;
  readonly vkey?: string;
  readonly json?: boolean;
}

/** `builder init|doctor|enroll|rotate|revoke|status|approve|…|receipts|run` */
export function addBuilder(program: Command): void {
  const builder = program.command('builder').description('be a builder');
  builder
    .command('init')
    .description("make a builder's keys and configuration")
    .option('--dir <dir>', 'make all three keys and a configuration file in this folder')
    .option('--key <file>', 'instead, where one private key goes; never over an older one')
    .option('--witness-key <file>', 'make a witness key too; an older key in --key is then kept')
    .option('--passphrase-file <file>', 'lock the keys with the passphrase in this file')
    .option('--ca-file <file>', 'with --dir: certificate authorities that the agent trusts, too')
    .addHelpText('after', AFTER_INIT)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Partial<InitOptions & InitDirOptions>>();
      const { initAnyBuilder } = await import('../builder/init-any.js');
      await initAnyBuilder({ ...options, joins: namedCoordinator(command) });
    });
  addDoctor(builder);
  addBuilderKeys(builder);
  addRegistry(builder);
  addReceipts(builder);
  builder
    .command('run')
    .description('run the builder agent, configured by its environment variables')
    .option('--config <file>', 'file with such variables, as `init --dir` makes it')
    .action(async ({ config }: { readonly config?: string }) => {
      const { withConfig } = await import('../builder/registry/config-file.js');
      const variables = await withConfig(config ?? null, {});
      process.exitCode = await runService('builder-agent', unset(variables, process.env));
    });
}

function addReceipts(builder: Command): void {
  builder
    .command('receipts')
    .description('give out the envelopes that the agent holds, with their receipts')
    .requiredOption('--out <file>', 'where to write them')
    .option('--state-dir <dir>', "the agent's STATE_DIR, such as /var/lib/repro-quorum/state")
    .option('--vkey <key>', "the log's verifier key: the agent's COORDINATOR_VKEY")
    .addHelpText('after', AFTER_RECEIPTS)
    .action(async (_options: unknown, command: Command) => {
      const { out, stateDir, vkey, json } = command.optsWithGlobals<ReceiptsOptions>();
      process.exitCode = await runService('receipts of a builder', {
        ...(stateDir !== undefined && { STATE_DIR: stateDir }),
        ...(vkey !== undefined && { COORDINATOR_VKEY: vkey }),
        RECEIPTS_OUT: out,
        RECEIPTS_JSON: json === true ? 'true' : 'false',
      });
    });
}

function addDoctor(builder: Command): void {
  builder
    .command('doctor')
    .description('judge this machine as a builder, and tell what mends it')
    .option('--config <file>', "the agent's configuration, as `init --dir` makes it")
    .option('--build-dir <dir>', 'where commits are built')
    .option('--cache-dir <dir>', 'where the repository and downloads are kept')
    .option('--temp-dir <dir>', "the build's temp directory")
    .option('--era <id>', 'judge for this era of commits (the newest)')
    .option('--commit-era <id>', 'the same as --era')
    .option('--eras <file>', 'table of eras; also REPRO_QUORUM_ERAS')
    .option('--only <checks>', 'make only these checks, comma separated')
    .option('--online', 'ask the hosts that are needed, and compare the clock with theirs')
    .option('--fix', 'show what mends each fault, ask, and apply it')
    .option('--yes', 'with --fix: apply everything without asking')
    .addHelpText('after', AFTER_DOCTOR)
    .action(async (_options: unknown, command: Command) => {
      const { runDoctor } = await import('../builder/doctor/doctor.js');
      const { withConfig } = await import('../builder/registry/config-file.js');
      const options = command.optsWithGlobals<DoctorOptions & { readonly config?: string }>();
      await runDoctor(options, await withConfig(options.config ?? null, process.env));
    });
}

/** What is set already goes before a file. */
function unset(
  variables: Readonly<NodeJS.ProcessEnv>,
  environment: Readonly<NodeJS.ProcessEnv>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || environment[name] !== undefined ? [] : [[name, value]],
    ),
  );
}

import type { Command } from 'commander';
import type { CreateTokenOptions } from '../access/tokens.js';
import { CommandError, EXIT } from '../exit.js';
import { runService } from '../run-service.js';
import type { AskOptions } from '../round/api-of.js';

const AFTER_CREATE = `
Over HTTP it takes a token with scope admin, and gives no more than that one has. At the machine of the
database --database takes none: that is how the first one is made.

Examples:
  repro-quorum coordinator token create --scope rounds --label 'alice, laptop' --out alice.token
  repro-quorum coordinator token create --scope admin,rounds,builders --label 'the group' \\
    --database postgres://... --out group.token`;

interface ConsoleOptions {
  readonly database?: string;
}

/** `coordinator token create|list|revoke` */
export function addToken(coordinator: Command): void {
  const token = coordinator
    .command('token')
    .description('make, list and revoke access tokens: who may change something');
  addCreate(token);
  addList(token);
  addRevoke(token);
}

function addCreate(token: Command): void {
  token
    .command('create')
    .description('make a token, and tell it this once')
    .requiredOption('--scope <scopes...>', 'what it may do: rounds, builders, keys, admin')
    .requiredOption('--label <text>', 'whose it is; everybody can read it in the log')
    .option('--days <n>', 'days that it is valid, at most 366', '90')
    .option('--database <url>', "the coordinator's PostgreSQL, instead of asking the coordinator")
    .option('--out <file>', 'write it to this new file, for its owner alone, and print it nowhere')
    .addHelpText('after', AFTER_CREATE)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateTokenOptions & ConsoleOptions>();
      const { createToken, tokenRequestOf } = await import('../access/tokens.js');
      const request = tokenRequestOf(options);
      if (options.database === undefined) await createToken(options);
      else await createAtConsole(options, { TOKEN_REQUEST: JSON.stringify(request) });
    });
}

function addList(token: Command): void {
  token
    .command('list')
    .description('list all tokens, newest first, without their secrets')
    .option('--database <url>', "the coordinator's PostgreSQL, instead of asking the coordinator")
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<AskOptions & ConsoleOptions>();
      if (options.database !== undefined) {
        process.exitCode = await atConsole(options, 'list', {});
        return;
      }
      const { listTokens } = await import('../access/tokens.js');
      await listTokens(options);
    });
}

function addRevoke(token: Command): void {
  token
    .command('revoke')
    .description('end a token at once')
    .argument('<id>', 'the 12 characters after rqt_')
    .option('--database <url>', "the coordinator's PostgreSQL, instead of asking the coordinator")
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<AskOptions & ConsoleOptions>();
      if (options.database !== undefined) {
        process.exitCode = await atConsole(options, 'revoke', { TOKEN_ID: id });
        return;
      }
      const { revokeToken } = await import('../access/tokens.js');
      await revokeToken(id, options);
    });
}

async function createAtConsole(
  options: CreateTokenOptions & ConsoleOptions,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const { out } = options;
  if (out === undefined) {
    process.exitCode = await atConsole(options, 'create', more);
    return;
  }
  const { writeSecret } = await import('../access/secret-file.js');
  await writeSecret(out, async (file) => {
    const exitCode = await atConsole(options, 'create', more, file);
    // Why, it has said itself.
    if (exitCode !== EXIT.ok) throw new CommandError(EXIT.usage, 'no token was made');
  });
}

async function atConsole(
  { database, json }: ConsoleOptions & Pick<AskOptions, 'json'>,
  act: string,
  more: Readonly<Record<string, string>>,
  stdout: number | 'inherit' = 'inherit',
): Promise<number> {
  const environment = {
    ...(database !== undefined && { DATABASE_URL: database }),
    TOKEN_ACT: act,
    TOKEN_JSON: json === true ? 'true' : 'false',
    ...more,
  };
  return runService('access tokens', environment, stdout);
}

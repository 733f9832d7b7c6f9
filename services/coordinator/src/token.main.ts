import 'reflect-metadata';
import { pipeline } from 'node:stream/promises';
import { QueryFailedError, type DataSource } from 'typeorm';
import { z } from 'zod';
import { accessTokenLine, AccessTokenId, CreateToken, type CreatedToken } from '#libs/contracts';
import { ConfigError, readConfig } from '#libs/platform';
import {
  creationOf,
  keepForLog,
  listTokens,
  revocationOf,
  revokeToken,
  storeToken,
} from './access/token-store.js';
import { openDatabase } from './archive/open-database.js';
import { failCommand } from './failed-command.js';

/** PostgreSQL: undefined_table. */
const NO_TABLE = '42P01';

/** What is to be done to the tokens of a database. */
const Config = z.object({
  DATABASE_URL: z.string().startsWith('postgres'),
  TOKEN_ACT: z.enum(['create', 'list', 'revoke']),
  TOKEN_REQUEST: z.string().optional(),
  TOKEN_ID: AccessTokenId.optional(),
  TOKEN_JSON: z.enum(['true', 'false']).default('false'),
});
type Config = z.infer<typeof Config>;

try {
  await run(readConfig(Config, process.env));
} catch (error) {
  const isMissing = error instanceof QueryFailedError && 'code' in error && error.code === NO_TABLE;
  const message = 'the database has no table of tokens: start its coordinator once, which makes it';
  failCommand('token', isMissing ? new ConfigError(message, { cause: error }) : error);
}

async function run(config: Config): Promise<void> {
  const dataSource = await openDatabase(config.DATABASE_URL);
  try {
    if (config.TOKEN_ACT === 'create') await create(dataSource, config);
    else if (config.TOKEN_ACT === 'revoke') await revoke(dataSource, config);
    else await list(dataSource, config);
  } finally {
    await dataSource.destroy();
  }
}

async function create(dataSource: DataSource, config: Config): Promise<void> {
  const request = CreateToken.parse(JSON.parse(config.TOKEN_REQUEST ?? '{}'));
  const { view } = await dataSource.transaction(async (manager) => {
    const now = new Date();
    const stored = await storeToken(manager, request, { now });
    if (stored === null) throw new Error('a token was drawn twice');
    await keepForLog(manager, creationOf(stored.view), now);
    // Before it is good: one that could be told to nobody is never made.
    await tell(config, stored);
    return stored;
  });
  process.stderr.write(
    `token: ${view.id} is valid until ${view.expiresAt}; it is not shown again\n`,
  );
}

async function revoke(dataSource: DataSource, { TOKEN_ID: id = '' }: Config): Promise<void> {
  await dataSource.transaction(async (manager) => {
    const now = new Date();
    const revoked = await revokeToken(manager, id, now);
    if (revoked === null) throw new ConfigError(`token ${id} is not known: look with \`list\``);
    if (revoked.isNew) await keepForLog(manager, revocationOf(revoked.view), now);
  });
  process.stderr.write(`token: ${id} is revoked\n`);
}

async function list(dataSource: DataSource, { TOKEN_JSON: json }: Config): Promise<void> {
  const tokens = await listTokens(dataSource.manager);
  const now = new Date();
  const lines = tokens.map((token) => accessTokenLine(token, now));
  const text = json === 'true' ? JSON.stringify({ tokens }, null, 2) : lines.join('\n');
  if (text !== '') process.stdout.write(`${text}\n`);
}

async function tell({ TOKEN_JSON: json }: Config, created: CreatedToken): Promise<void> {
  const text = json === 'true' ? JSON.stringify(created, null, 2) : created.token;
  try {
    await pipeline([`${text}\n`], process.stdout, { end: false });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`the token cannot be told, so none was made: ${reason}`, { cause });
  }
}

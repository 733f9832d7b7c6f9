import { existsSync } from 'node:fs';
import { BuilderView, ROUTES } from '#libs/contracts';
import { CommandError, EXIT } from '../../exit.js';
import { readSecretKey } from '../../keys/secret-key.js';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { idsIn } from '../../round/builder-ids.js';
import { printData, printJson } from '../../terminal.js';
import { filesIn } from './builder-dir.js';
import { withConfig } from './config-file.js';
import { statusText } from './status-text.js';

/** Options of `builder status`, as its definition names them. */
export interface StatusOptions extends AskOptions {
  readonly dir?: string;
  readonly key?: string;
  readonly passphraseFile?: string;
}

/**
 * Tells how far a builder has come, and what to type next.
 *
 * @throws CommandError with the exit code that the failure means
 */
export async function showStatus(id: string | undefined, options: StatusOptions): Promise<void> {
  const builder = id ?? (await ownId(options));
  const [only] = idsIn(builder);
  const view = await find(only ?? builder, options);
  if (options.json === true) {
    printJson(view ?? { builder, status: null });
    return;
  }
  const { dir = null, coordinator } = options;
  printData(statusText(builder, view, { dir, coordinator, now: new Date() }));
}

/** Null where the coordinator never heard of it: that is an answer, too. */
async function find(builder: string, options: AskOptions): Promise<BuilderView | null> {
  try {
    return await apiOf(options).get(`${ROUTES.builders}/${builder}`, BuilderView);
  } catch (error) {
    if (error instanceof CommandError && error.message.startsWith('no-such-builder:')) return null;
    throw error;
  }
}

async function ownId({ dir, key, passphraseFile }: StatusOptions): Promise<string> {
  const own = dir === undefined ? null : filesIn(dir);
  if (key === undefined && own !== null && existsSync(own.config)) {
    // After a rotation the id is not that of the key.
    const { BUILDER_ID = '' } = await withConfig(own.config, {});
    if (BUILDER_ID !== '') return BUILDER_ID;
  }
  const path = key ?? own?.key;
  if (path === undefined) {
    throw new CommandError(EXIT.usage, 'name the builder: by its id, --dir DIR or --key FILE');
  }
  return (await readSecretKey(path, passphraseFile ?? null)).id;
}

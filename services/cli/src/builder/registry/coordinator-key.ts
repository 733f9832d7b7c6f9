import { appendFileSync, existsSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { quote } from '#libs/encoding';
import { ROUTES } from '#libs/contracts';
import { parseVkey } from '#libs/tlog';
import { CommandError, EXIT } from '../../exit.js';
import { fileTrouble } from '../../file-trouble.js';
import { readText } from '../../read-file.js';
import type { Api } from '../../round/api.js';
import { say } from '../../terminal.js';
import { envLine, type AgentCoordinator } from './agent-env.js';

/** A coordinator's log: its verifier key, and the name in it. */
export interface CoordinatorLog {
  readonly vkey: string;
  readonly origin: string;
}

/**
 * Asks a coordinator for its log's key.
 *
 * @throws CommandError with the exit code that the failure means
 */
export async function askCoordinatorLog(api: Api): Promise<CoordinatorLog> {
  const vkey = new TextDecoder().decode(await api.download(`${ROUTES.log}/key`)).trim();
  try {
    return { vkey, origin: parseVkey(vkey).name };
  } catch (cause) {
    throw new CommandError(
      EXIT.undecided,
      `what answers there has no verifier key of a log, but ${quote(vkey.slice(0, 80))}`,
      'is it another program?',
      { cause },
    );
  }
}

/**
 * Refuses a coordinator whose key is another than the one that was pinned when the builder was made.
 *
 * @param configFile the builder's configuration; what is not there pins nothing
 * @throws CommandError badEvidence
 */
export async function requirePinned({ vkey }: CoordinatorLog, configFile: string): Promise<void> {
  if (!existsSync(configFile)) return;
  const { COORDINATOR_VKEY: pinned } = parseEnv(await readText(configFile));
  if (pinned === undefined || pinned === '' || pinned === vkey) return;
  throw new CommandError(
    EXIT.badEvidence,
    `the coordinator's log has the key ${quote(vkey)}, and ${configFile} pins ${quote(pinned)}`,
    'ask the group which one is theirs: whoever stands in between may have made the other',
  );
}

/**
 * Pins a coordinator that took this builder's application, where the builder was made without one: no
 * agent runs without. What the configuration has already stays.
 *
 * @throws CommandError usage where it cannot be written, with the lines that it lacks
 */
export async function pinCoordinator(
  { url, vkey }: AgentCoordinator,
  configFile: string,
): Promise<void> {
  const text = await readText(configFile);
  const { COORDINATOR_URL: ownUrl = '', COORDINATOR_VKEY: ownVkey = '' } = parseEnv(text);
  // Whose key belongs to another address is not known here.
  if (ownUrl !== '' && ownUrl !== url) return;
  const lines = [
    ...(ownUrl === '' ? [envLine('COORDINATOR_URL', url)] : []),
    ...(ownVkey === '' ? [envLine('COORDINATOR_VKEY', vkey)] : []),
  ];
  if (lines.length === 0) return;
  try {
    // At the end: of two lines with one name the last one counts.
    const before = text === '' || text.endsWith('\n') ? '' : '\n';
    appendFileSync(configFile, `${before}${lines.join('\n')}\n`);
  } catch (cause) {
    throw new CommandError(
      EXIT.usage,
      `cannot write ${configFile}: ${fileTrouble(cause)}`,
      `the agent needs there: ${lines.join(' ')}`,
      { cause },
    );
  }
  say(`the coordinator's key is pinned in ${configFile}; is it the group's? ${vkey}`);
}

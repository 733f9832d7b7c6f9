import { join } from 'node:path';
import { startChild, type Child } from './child.js';
import { entry } from './entry.js';
import { writeToken } from './token.js';

/** Name of the stack's log. */
export const ORIGIN = 'demo.invalid/log';

/** A coordinator process and where it answers. */
export interface CoordinatorProcess extends Child {
  readonly url: string;
}

/** What a coordinator is started with. */
export interface CoordinatorSettings {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly nnsUrl: string;
  readonly rootKeyFile: string;
  readonly keyFile: string;
  readonly rosterFile: string;
  /** Who witnesses the log; nobody by default. */
  readonly policyFile?: string;
  readonly dir: string;
  /** Further variables of its configuration. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a coordinator on a free port and waits until it serves. */
export async function startCoordinator(
  settings: CoordinatorSettings,
  name = 'coordinator',
): Promise<CoordinatorProcess> {
  const child = startChild(process.execPath, [entry('coordinator')], {
    logPath: join(settings.dir, `${name}.log`),
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: settings.databaseUrl,
      NATS_URL: settings.natsUrl,
      NNS_URL: settings.nnsUrl,
      NNS_ROOT_KEY_FILE: settings.rootKeyFile,
      SIGNING_KEY_FILE: settings.keyFile,
      ROSTER_FILE: settings.rosterFile,
      ADMIN_TOKEN_FILE: await writeToken(settings.dir),
      LOG_ORIGIN: ORIGIN,
      ...(settings.policyFile !== undefined && { WITNESS_POLICY_FILE: settings.policyFile }),
      WITNESS_FALLBACK_SECONDS: '10',
      // All of a test comes from one address.
      KEYS_PER_HOUR: '100000',
      ENROLMENTS_PER_HOUR: '100000',
      READS_PER_MINUTE: '1000000',
      CHANGES_PER_MINUTE: '1000000',
      PORT: '0',
      ...settings.env,
    },
  });
  const [, url = ''] = await child.line(/listening on (http:\/\/\S+)/);
  // The getter of `isRunning` has to stay a getter.
  return Object.defineProperty(child, 'url', { value: url }) as CoordinatorProcess;
}

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommandError, EXIT } from './exit.js';

type Service =
  | 'access tokens'
  | 'archive of rounds'
  | 'builder-agent'
  | 'coordinator'
  | 'check of a log'
  | 'copy of a log'
  | 'receipts of a builder'
  | 'restore of a log'
  | 'succession of a log';
/** Arguments for node that start each program; null for one that did not come along. */
export type Programs = Readonly<Record<Service, readonly string[] | null>>;

let programs: Programs = {
  'access tokens': [besideThis('coordinator', 'token.main.js')],
  'archive of rounds': [besideThis('coordinator', 'archive.main.js')],
  'builder-agent': [besideThis('builder-agent')],
  coordinator: [besideThis('coordinator')],
  'check of a log': [besideThis('coordinator', 'fsck.main.js')],
  'copy of a log': [besideThis('coordinator', 'export.main.js')],
  'receipts of a builder': [besideThis('builder-agent', 'receipts.main.js')],
  'restore of a log': [besideThis('coordinator', 'restore.main.js')],
  'succession of a log': [besideThis('coordinator', 'succeed.main.js')],
};

/** Tells where the services are when they do not stand beside this file, as in a checkout they do. */
export function setPrograms(other: Programs): void {
  programs = other;
}

/** Whether a service came along: what runs one that did not is not shown. */
export function isAlong(service: Service): boolean {
  return programs[service] !== null;
}

/**
 * Runs a service to its end and gives its exit code. Services are programs of their own: the command
 * line hands its terminal and its signals to them, and `environment` besides its own variables.
 *
 * @param stdout an open file for what the service prints; this program's own stdout without it
 * @throws CommandError usage for a service that did not come along
 */
export async function runService(
  service: Service,
  environment: Readonly<Record<string, string>> = {},
  stdout: number | 'inherit' = 'inherit',
): Promise<number> {
  const program = programs[service];
  if (program === null) {
    throw new CommandError(
      EXIT.usage,
      `the ${service} is not in this file: its packages come with a checkout or the Debian package`,
      'type the same there: in a checkout `./run cli` is this command, and `./run up` starts a coordinator',
    );
  }
  const child = spawn(process.execPath, [...program], {
    stdio: ['inherit', stdout, 'inherit'],
    env: { ...process.env, ...environment },
  });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  // Only the service knows when it has ended in order.
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  return new Promise<number>((resolve) => {
    child.on('exit', (code) => {
      // Node's own code for what nobody caught: no service says of a release that it differs.
      resolve(code === EXIT.notReproduced ? EXIT.usage : (code ?? EXIT.interrupted));
    });
  });
}

function besideThis(service: string, file = 'main.js'): string {
  return fileURLToPath(new URL(`../../${service}/src/${file}`, import.meta.url));
}

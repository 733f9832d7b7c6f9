import process from 'node:process';
import type { MachineExtras } from '../preflight/extras.js';
import type { Looking } from '../request.js';
import { askTool } from './tool.js';

type IsolationExtras = Pick<MachineExtras, Extract<keyof MachineExtras, `isolation.${string}`>>;

const METADATA_ADDRESS = '169.254.169.254';
/** How ip tells that the kernel refused, and not that it did not understand. */
const REFUSED_BY_KERNEL = 2;
const SOCKETS = ['/run/docker.sock', '/run/podman/podman.sock'];
const NOT_ASKED: IsolationExtras = {
  'isolation.user': null,
  'isolation.root': null,
  'isolation.metadata': null,
};

/** Reads whether builds have a user of their own, and what that user could reach. */
export async function readIsolation(looking: Looking): Promise<IsolationExtras> {
  const { buildUser } = looking;
  if (buildUser === undefined) return NOT_ASKED;
  if (process.geteuid?.() !== 0) return { ...NOT_ASKED, 'isolation.user': 'no-rights' };
  const answer = await askTool('getent', ['passwd', '--', buildUser], looking);
  if (answer === null || answer === 'absent') return NOT_ASKED;
  const [, , id = '', group = '', , , shell = ''] = answer.output.trim().split(':');
  if (answer.exitCode !== 0) return { ...NOT_ASKED, 'isolation.user': 'missing' };
  if (id === '0') return { ...NOT_ASKED, 'isolation.user': 'root' };
  const metadata = await askTool('ip', routeOf(id), looking);
  return {
    'isolation.user': /\/(?:nologin|false)$/.test(shell) ? 'own' : 'can-log-in',
    'isolation.root': await rootWayOf(id, group, looking),
    'isolation.metadata':
      metadata === null || metadata === 'absent'
        ? null
        : metadata.exitCode === REFUSED_BY_KERNEL
          ? 'blocked'
          : 'open',
  };
}

/** Source: ip-route(8), get; the kernel is asked, and nothing is sent */
function routeOf(id: string): readonly string[] {
  return ['-4', 'route', 'get', METADATA_ADDRESS, 'ipproto', 'tcp', 'uid', id];
}

async function rootWayOf(
  id: string,
  group: string,
  looking: Looking,
): Promise<IsolationExtras['isolation.root']> {
  const may = async (...command: readonly string[]): Promise<boolean | null> => {
    const args = [`--reuid=${id}`, `--regid=${group}`, '--init-groups', '--', ...command];
    const answer = await askTool('setpriv', args, looking);
    return answer === null || answer === 'absent' ? null : answer.exitCode === 0;
  };
  const sudo = await may('sudo', '-n', 'true');
  if (sudo !== false) return sudo === null ? null : 'sudo';
  for (const socket of SOCKETS) if ((await may('test', '-w', socket)) === true) return 'socket';
  return 'none';
}

import type { BuildUser } from './build-user.js';
import { askAs } from './run-as.js';

/** Sockets of engines that make containers as root for whoever may write to them. */
const ENGINE_SOCKETS = [
  ...['/run/docker.sock', '/run/podman/podman.sock', '/run/containerd/containerd.sock'],
  ...[
    '/var/lib/incus/unix.socket',
    '/var/lib/lxd/unix.socket',
    '/var/snap/lxd/common/lxd/unix.socket',
  ],
];

/** A known way by which a build's user can be root; null if none is. */
export type RootWay = 'sudo' | 'engine socket' | null;

/** Looks for ways by which a build's user becomes root, which would make it nobody's prisoner. */
export async function rootWayOf(user: BuildUser): Promise<RootWay> {
  if (await askAs(user, ['sudo', '-n', 'true'])) return 'sudo';
  for (const socket of ENGINE_SOCKETS) {
    if (await askAs(user, ['test', '-w', socket])) return 'engine socket';
  }
  return null;
}

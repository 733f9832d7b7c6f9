import type { Difference } from '../difference.js';

const RUNS_BITS = 0o6111;
const GIVES_BITS = 0o6000;
/** What is loaded or run by its path, whatever its mode: libraries, modules, scripts, units, settings. */
const RUN_BY_PATH: readonly RegExp[] = [
  /\.(?:so(?:\.\d+)*|ko(?:\.(?:gz|xz|zst))?|efi)$/i,
  /\.(?:pyw?|pth|sh|bash|pl|pm|rb|js|lua|php|jar)$/i,
  // Compiled beside its module; what Python keeps in its cache follows from the module.
  /(?<!(?:^|\/)__pycache__\/[^/]*)\.pyc$/i,
  // Units of systemd and D-Bus, and the links that start them.
  /\.(?:service|socket|timer|path|target|mount|automount|swap|slice|scope|device)$/,
  /\.(?:wants|requires|upholds)\/[^/]+$/,
  // Parts that programs of the system gather: cron, sudo, PAM, apt, dpkg, udev, profiles, the loader.
  /^(?:etc|run|(?:usr\/(?:local\/)?)?(?:lib|share))\/(?:[^/]+\/)*[^/]+\.d\/(?:[^/]+\/)*[^/]+$/,
  /^etc\/(?:cron[^/]*|anacrontab|sudoers|pam\.conf|ld\.so\.(?:preload|conf)|profile|environment|rc\.local|inittab|modules|crypttab|fstab|(?:bash|zsh)[^/]*|passwd|shadow|group|gshadow)$/,
  /^etc\/(?:cron[^/]*|alternatives|init|polkit-1|security|skel|ssh|systemd)\/(?:[^/]+\/)*[^/]+$/,
  /^var\/spool\/(?:ana)?cron\/(?:[^/]+\/)*[^/]+$/,
  /^(?:usr\/)?lib\/(?:systemd|udev)\/(?:[^/]+\/)*[^/]+$/,
  // What a machine starts from.
  /^boot\//,
];
/** Where a link is a program, whatever it leads to. */
const PROGRAMS = /(?:^|\/)s?bin\/[^/]+$/;

/**
 * Whether a thing that only one side has can be run or loaded, or hands on rights to what is run: by
 * its mode, a missing one included, by its path where that says so, and any device.
 */
export function isRunnable({ kind, location, left, right }: Difference): boolean {
  if (kind === 'device') return true;
  const told = (left ?? right)?.['mode'];
  const mode = Number.parseInt(String(told ?? 0), 8);
  if (kind === 'directory') return (mode & GIVES_BITS) !== 0;
  const path = location.at(-1) ?? '';
  if (RUN_BY_PATH.some((name) => name.test(path))) return true;
  if (kind === 'symlink') return PROGRAMS.test(path);
  if (kind !== 'file' && kind !== 'hardlink') return false;
  return told === undefined || Number.isNaN(mode) || (mode & RUNS_BITS) !== 0;
}

import type { FixStep } from './finding.js';
import type { Machine } from './machine-check.js';

/** Something that no command does, or that somebody has to decide. */
export function byHand(text: string): FixStep {
  return { command: null, needsRoot: false, text };
}

/** A command that only root may run. */
export function asRoot(text: string, ...command: readonly [string, ...string[]]): FixStep {
  return { command, needsRoot: true, text };
}

/** A command that the builder's own user runs. */
export function asUser(text: string, ...command: readonly [string, ...string[]]): FixStep {
  return { command, needsRoot: false, text };
}

/** A file that is not there yet. */
export function newFile(text: string, path: string, content: string, needsRoot: boolean): FixStep {
  return { command: null, needsRoot, text, file: { path, content } };
}

const WITH_APT = ['ubuntu', 'debian'];

/** Installs a package, where it is known how. */
export function install(
  machine: Machine,
  name: string,
): readonly [FixStep, ...(readonly FixStep[])] {
  if (!WITH_APT.includes(String(machine['os.id']))) {
    return [byHand(`install ${name}: this system's own package manager knows how`)];
  }
  return [
    asRoot('refresh the list of packages', 'apt-get', 'update'),
    asRoot(`install ${name}`, 'apt-get', 'install', '-y', name),
  ];
}

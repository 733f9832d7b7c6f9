import type { ArtifactName, Era } from '#libs/icos';
import { CommandError, EXIT } from '../exit.js';

/** What can be asked for, by the names of the options. */
export const COMPONENTS = ['guestos', 'hostos', 'setupos', 'recovery'] as const;
export type Component = (typeof COMPONENTS)[number];

const ARTIFACTS: Readonly<Record<Component, readonly ArtifactName[]>> = {
  guestos: ['guestos/update-img', 'guestos/launch-measurements'],
  hostos: ['hostos/update-img'],
  setupos: ['setupos/disk-img'],
  recovery: ['guestos-recovery/update-img'],
};

const TITLES: Readonly<Record<string, string>> = {
  'guestos/update-img': 'GuestOS',
  'guestos/launch-measurements': 'GuestOS launch measurements',
  'guestos-recovery/update-img': 'Recovery-GuestOS',
  'hostos/update-img': 'HostOS',
  'setupos/disk-img': 'SetupOS',
};

/** Names an artifact as people do. */
export function titleOf(name: string): string {
  return TITLES[name] ?? name;
}

/**
 * Gives the artifacts of what was asked for; of nothing in particular, all that the era makes.
 *
 * @throws CommandError usage for a component that commits of the era do not build
 */
export function selectArtifacts(asked: readonly Component[], era: Era): readonly ArtifactName[] {
  const made = era.artifacts.map(({ name }) => name);
  if (asked.length === 0) return made;
  return asked.flatMap((component) => {
    const wanted = ARTIFACTS[component].filter((name) => made.includes(name));
    if (wanted.length > 0) return wanted;
    const others = COMPONENTS.filter((one) => ARTIFACTS[one].some((name) => made.includes(name)));
    throw new CommandError(
      EXIT.usage,
      `commits of this era (${era.id}) build no ${component}`,
      `leave --${component} out: they build ${others.join(', ')}`,
    );
  });
}

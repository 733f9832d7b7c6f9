import { quote } from '#libs/encoding';
import { buildCatalogue } from './build-catalogue.js';
import type { FactDefinition } from './definition.js';
import { FingerprintError } from './error.js';
import { machineCatalogue } from './machine-catalogue.js';

/** Every fact that a fingerprint has, in the order in which it is shown. */
export const catalogue = [...machineCatalogue, ...buildCatalogue] as const;

/** Name of a fact that is measured on the machine. */
export type MachineFactName = (typeof machineCatalogue)[number]['name'];

/** Name of a fact that whoever runs the build tells. */
export type BuildFactName = (typeof buildCatalogue)[number]['name'];

/** Name of any fact. */
export type FactName = MachineFactName | BuildFactName;

/** `null` is a fact that could not be read, never one that is absent: absence is said in words. */
export type FactValue = string | number | boolean | null;

/** What the machine says of itself. */
export type MachineFacts = Readonly<Record<MachineFactName, FactValue>>;

/** What is known of the build. */
export type BuildFacts = Readonly<Record<BuildFactName, FactValue>>;

/** A whole fingerprint, unprotected: it MUST NOT leave the machine without protectFacts. */
export type Facts = MachineFacts & BuildFacts;

/** Build facts of a build that has not told any. */
export const unknownBuild: BuildFacts = {
  'container.image-digest': null,
  'container.image-origin': null,
  'container.ran': null,
  'source.clean': null,
  'source.shallow': null,
  'build.script-digest': null,
  'build.command': null,
  'build.targets': null,
  'build.driver': null,
  'build.cache': null,
  'build.isolation': null,
  'agent.version': null,
};

/** What is measured, and told anew by a build that another user runs, or on a disk of its own. */
const TOLD_ANEW = new Set<string>([
  ...['user.uid', 'user.name', 'disk.build.filesystem', 'disk.build.size', 'disk.build.free'],
  ...['temp.filesystem', 'temp.tmpfs', 'temp.size', 'temp.free', 'temp.block-size'],
]);

const byName = new Map<string, FactDefinition>(catalogue.map((row) => [row.name, row]));

/**
 * Finds a fact in the catalogue.
 *
 * @throws FingerprintError UNKNOWN_FACT
 */
export function definitionOf(name: string): FactDefinition {
  const row = byName.get(name);
  if (row !== undefined) return row;
  throw new FingerprintError(
    'UNKNOWN_FACT',
    `${quote(name)} is not a fact: expected a name of the catalogue, such as os.kernel`,
  );
}

/**
 * Adds what the build tells to what the machine says. Facts that it does not tell stay `null`.
 * Who builds and on which disk is the build's to tell, where that is not where was measured.
 *
 * @throws FingerprintError UNKNOWN_FACT for a name that no build may tell: a build cannot overwrite
 *   what was measured
 * @throws FingerprintError WRONG_KIND for a value of another kind than the catalogue has
 */
export function withBuildFacts(machine: MachineFacts, build: Partial<BuildFacts>): Facts {
  const told: Partial<Record<string, FactValue>> = build;
  for (const [name, value] of Object.entries(told)) {
    if (!Object.hasOwn(unknownBuild, name) && !TOLD_ANEW.has(name)) {
      throw new FingerprintError('UNKNOWN_FACT', `${quote(name)} is not a fact of the build`);
    }
    checkKind(name, value ?? null);
  }
  return { ...machine, ...unknownBuild, ...build };
}

function checkKind(name: string, value: FactValue): void {
  const { kind } = definitionOf(name);
  if (value === null || typeof value === (kind === 'text' ? 'string' : kind)) return;
  throw new FingerprintError('WRONG_KIND', `${name} is a ${typeof value}, expected ${kind}`);
}

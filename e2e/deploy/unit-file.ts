import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../world/project-root.js';

/** Names of the units that are shipped, without their ending. */
export const UNITS = ['repro-quorum-agent', 'repro-quorum-coordinator'] as const;
export type UnitName = (typeof UNITS)[number];

/** Path of a unit in the checkout. */
export function unitPath(name: UnitName): string {
  return join(projectRoot(), 'deploy/systemd', `${name}.service`);
}

/** Reads the settings of a unit: all values of each name, in order. */
export function readUnit(name: UnitName): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const [, key = '', value = ''] of readFileSync(unitPath(name), 'utf8').matchAll(
    /^(\w+)=(.*)$/gm,
  )) {
    settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  return settings;
}

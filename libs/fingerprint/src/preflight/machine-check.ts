import type { MachineFacts } from '../facts.js';
import type { MachineExtras } from './extras.js';
import type { CheckLevel, FixStep, MachineNeeds } from './finding.js';

/** All that a check may look at. */
export type Machine = MachineFacts & MachineExtras;

/** What a check says; `expected` only where it depends on the release. */
export interface Judgement {
  readonly level: CheckLevel;
  readonly found: string;
  readonly expected?: string;
  readonly fix: readonly FixStep[];
}

/** Classes of failures that a machine can cause before a build, of those that builds have. */
export type HardFailure = 'build-error' | 'missing-tool' | 'out-of-space' | 'permission';

/** One row of the table. */
export interface MachineCheck<Name extends string = string> {
  readonly name: Name;
  readonly expected: string;
  /** What ends a build before it starts, and of which class that failure is; null for nothing. */
  readonly hard: { readonly when: string; readonly failure: HardFailure } | null;
  /** What is only warned about; null where everything is hard. */
  readonly warns: string | null;
  readonly why: string;
  /** Where that was seen; null for a rule of thumb, and for needs of this project's own. */
  readonly source: string | null;
  /** Whether it concerns this machine and this release; always, if absent. */
  readonly concerns?: (machine: Machine, needs: MachineNeeds) => boolean;
  readonly judge: (machine: Machine, needs: MachineNeeds) => Judgement;
}

/** Writes one row; the name stays a literal, so that other tables can be checked against it. */
export function check<const Name extends string>(
  name: Name,
  row: Omit<MachineCheck, 'name'>,
): MachineCheck<Name> {
  return { name, ...row };
}

/** It is as expected. */
export function ok(found: string): Judgement {
  return { level: 'ok', found, fix: [] };
}

/** It could not be read, so nothing is said against it. */
export function unknown(found = 'could not be read', fix: readonly FixStep[] = []): Judgement {
  return { level: 'unknown', found, fix };
}

/** A build may fail or differ. */
export function warning(found: string, ...fix: readonly [FixStep, ...FixStep[]]): Judgement {
  return { level: 'warning', found, fix };
}

/** A build cannot end well. */
export function error(found: string, ...fix: readonly [FixStep, ...FixStep[]]): Judgement {
  return { level: 'error', found, fix };
}

/** Judges a yes or no that may not be known. */
export function judgeFlag(
  value: boolean | null,
  yes: () => Judgement,
  no: () => Judgement,
): Judgement {
  if (value === null) return unknown();
  return value ? yes() : no();
}

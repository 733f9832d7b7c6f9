import { cleanFactText } from '../fact-text.js';
import type { MachineFacts } from '../facts.js';
import type { MachineExtras } from './extras.js';
import type { MachineFinding, MachineNeeds } from './finding.js';
import type { HardFailure, MachineCheck } from './machine-check.js';
import { machineChecks } from './machine-checks.js';

const rows: readonly MachineCheck[] = machineChecks;

/**
 * Judges a machine before a build: one finding for each check that concerns this machine and this
 * release, in the order of the table. An error ends a build before it starts, because it could only
 * fail hours later; a warning does not, since machines that are small or unusual have matched. What
 * could not be read is `unknown` and stops nobody.
 *
 * Nothing is read here: facts come from readMachine and readExtras.
 */
export function assessMachine(
  machine: MachineFacts & MachineExtras,
  needs: MachineNeeds,
): readonly MachineFinding[] {
  return rows.flatMap((row) => {
    if (row.concerns?.(machine, needs) === false) return [];
    const { level, found, fix, expected = row.expected } = row.judge(machine, needs);
    const { name, why, source } = row;
    return [
      {
        check: name,
        level,
        found: cleanFactText(found === '' ? 'an empty text' : found),
        expected,
        why,
        source,
        fix,
      },
    ];
  });
}

/** Says of which class a build's failure is that ends with this error before it starts. */
export function failureOf({ check }: Pick<MachineFinding, 'check'>): HardFailure {
  return rows.find(({ name }) => name === check)?.hard?.failure ?? 'build-error';
}

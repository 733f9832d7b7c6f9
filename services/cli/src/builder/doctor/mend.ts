import type { FixStep, MachineFinding } from '#libs/fingerprint';
import { say } from '../../terminal.js';
import { applyStep, type Means } from './apply-step.js';
import { askYes } from './ask.js';
import { stepText } from './doctor-text.js';
import type { DoctorRequest } from './request.js';

/** What became of a step. `shown` is one that no program does, or that nobody was asked about. */
export interface MendedStep {
  readonly check: string;
  readonly text: string;
  readonly outcome: 'applied' | 'declined' | 'failed' | 'shown';
}

/** Shows what would mend each fault, errors first, and applies what is agreed to. */
export async function mend(
  findings: readonly MachineFinding[],
  mode: DoctorRequest['mend'],
  means: Means,
): Promise<readonly MendedStep[]> {
  const faults = [
    ...findings.filter(({ level }) => level === 'error'),
    ...findings.filter(({ level }) => level === 'warning'),
  ];
  const mended: MendedStep[] = [];
  // Two missing packages ask for one and the same refresh of the list.
  const done = new Set<string>();
  for (const { check, found, expected, fix } of faults) {
    say(`${check}: ${found}; expected ${expected}`);
    for (const step of fix) {
      const key = JSON.stringify(step.command);
      if (step.command !== null && done.has(key)) continue;
      done.add(key);
      const outcome = await mendOne(step, mode, means);
      mended.push({ check, text: step.text, outcome });
      // What comes after builds on it.
      if (outcome === 'failed') break;
    }
  }
  if (faults.length === 0) say('nothing is to be mended');
  else if (mode === 'show') {
    say('nothing was changed: there is no terminal to ask on, and --yes was not given');
  }
  return mended;
}

async function mendOne(
  step: FixStep,
  mode: DoctorRequest['mend'],
  means: Means,
): Promise<MendedStep['outcome']> {
  say(stepText(step, means.isRoot));
  if (mode === 'show' || (step.command === null && step.file === undefined)) return 'shown';
  if (mode === 'ask' && !(await askYes('apply it?'))) return 'declined';
  const trouble = await applyStep(step, means);
  if (trouble === null) return 'applied';
  say(`not done: ${trouble}`);
  return 'failed';
}

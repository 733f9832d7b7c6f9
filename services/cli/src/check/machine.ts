import {
  assessMachine,
  failureOf,
  readExtras,
  readMachine,
  readUmask,
  type MachineExtras,
  type MachineFacts,
  type MachineFinding,
  type MachineNeeds,
} from '#libs/fingerprint';
import { buildEnvironment, type RebuildFailure } from '#libs/icos';
import type { Progress } from './progress.js';
import type { Workspace } from './workspace.js';

/** The machine as a build will find it. */
export interface MeasuredMachine {
  readonly facts: MachineFacts;
  readonly extras: MachineExtras;
}

/** Before the era is known: what every build needs. */
export const ANY_BUILD: MachineNeeds = {
  engine: null,
  minimumDiskBytes: 0,
  tempBlockSizeBytes: null,
};

/** Gives the whole environment of a build that has this home. */
export function environmentFor(
  home: string,
  tempDir: string,
  base: Readonly<NodeJS.ProcessEnv>,
): Readonly<Record<string, string>> {
  const { LANG, TZ } = base;
  return buildEnvironment(base, {
    ...{ home, tmpDir: tempDir },
    ...(LANG !== undefined && { lang: LANG }),
    ...(TZ !== undefined && { timezone: TZ }),
  });
}

/** Measures the machine where this run's build and caches will be. */
export async function measureMachine(
  workspace: Workspace,
  base: Readonly<NodeJS.ProcessEnv>,
): Promise<MeasuredMachine> {
  const { buildDir, sourceCacheDir, tempDir, home } = workspace;
  const request = {
    ...{ buildDir, cacheDir: sourceCacheDir, tempDir, home },
    env: environmentFor(home, tempDir, base),
    umask: await readUmask(),
  };
  const [facts, extras] = await Promise.all([readMachine(request), readExtras(request)]);
  return { facts, extras };
}

/**
 * Assesses the machine and says what is not as it should be, with the command that mends it. What
 * was said in an earlier assessment is not said again.
 */
export function tellMachine(
  machine: MeasuredMachine,
  needs: MachineNeeds,
  progress: Progress,
  earlier: readonly MachineFinding[] = [],
): readonly MachineFinding[] {
  const findings = assessMachine({ ...machine.facts, ...machine.extras }, needs);
  const told = new Set(earlier.map(keyOf));
  const fresh = findings.filter((finding) => !told.has(keyOf(finding)));
  for (const { check, level, found, expected, why, fix } of fresh) {
    if (level === 'ok' || level === 'unknown') {
      progress.debug(`${check}: ${found}`);
      continue;
    }
    const steps = fix.map(({ command, text }) => (command === null ? text : command.join(' ')));
    progress.log(
      level === 'error' ? 'error' : 'warning',
      [`${check}: ${found}, expected ${expected} (${why})`, ...steps].join('\n'),
    );
  }
  if (earlier.length === 0) progress.log('info', summary(findings));
  return findings;
}

function summary(findings: readonly MachineFinding[]): string {
  const count = (level: MachineFinding['level']): number =>
    findings.filter((finding) => finding.level === level).length;
  return `Environment: ${count('ok')} checks passed, ${count('warning')} warn, ${count('error')} forbid a build, ${count('unknown')} could not be made.`;
}

function keyOf({ check, level, found }: MachineFinding): string {
  return JSON.stringify([check, level, found]);
}

/** The first hard finding as a failure of the preflight; null when the build may begin. */
export function hardFinding(findings: readonly MachineFinding[]): RebuildFailure | null {
  const hard = findings.find(({ level }) => level === 'error');
  if (hard === undefined) return null;
  return {
    stage: 'preflight',
    class: failureOf(hard),
    message: `${hard.check}: ${hard.found}, expected ${hard.expected}`,
    cause: null,
  };
}

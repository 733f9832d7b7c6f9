import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import {
  assessMachine,
  failureOf,
  readExtras,
  type MachineFacts,
  type MachineFinding,
  type MachineNeeds,
} from '#libs/fingerprint';
import { StageFailure } from '../build/stage-failure.js';
import type { Config } from '../config.js';
import { describeFault, describeWarning } from './finding-text.js';
import { machineRequest } from './machine.js';

/** What every build needs, before it is known which one it is. */
const ANY_BUILD: MachineNeeds = { engine: null, minimumDiskBytes: 0, tempBlockSizeBytes: null };

const logger = new Logger('Preflight');
/** Checks that an agent has warned about: once is enough, though what is free changes all the time. */
const warned = new WeakMap<Config, Set<string>>();

/**
 * Refuses a job that cannot end well on this machine, before anything is fetched for it; makes the
 * agent's folders.
 *
 * @throws StageFailure as {@link preflightFor}
 */
export async function preflight(config: Config, machine: MachineFacts): Promise<void> {
  await makeFolders(config);
  await preflightFor(config, machine, ANY_BUILD);
}

/**
 * Refuses to start a build that cannot end well on this machine: hours later it would only say so.
 * What may end otherwise is a warning, which the log has once.
 *
 * @throws StageFailure missing-tool, permission, out-of-space; build-error for a machine of another
 *   architecture, or with a temp filesystem that this commit cannot use
 */
export async function preflightFor(
  config: Config,
  machine: MachineFacts,
  needs: MachineNeeds,
): Promise<void> {
  const extras = await readExtras(await machineRequest(config, {}));
  const assess = (facts: MachineFacts): readonly MachineFinding[] =>
    assessMachine({ ...facts, ...extras }, needs);
  const findings = assess(machine);
  const fault = findings.find(({ level }) => level === 'error');
  if (fault !== undefined) {
    const kept = assess(withoutFacts(machine, config.WITHHELD_FACTS));
    throw new StageFailure('preflight', failureOf(fault), publicFault(fault, kept));
  }
  const before = warned.get(config) ?? new Set();
  warned.set(config, before);
  for (const finding of findings) {
    if (finding.level !== 'warning' || before.has(finding.check)) continue;
    before.add(finding.check);
    logger.warn(describeWarning(finding));
  }
}

/** The facts with nothing in place of those that are kept back. */
function withoutFacts(machine: MachineFacts, withheld: readonly string[]): MachineFacts {
  return { ...machine, ...Object.fromEntries(withheld.map((name) => [name, null])) };
}

/**
 * Tells an error as a signed failure may have it: without what was found where that follows from facts
 * that are kept back, which `findings` are made without. The agent's log has it all the same.
 */
function publicFault(fault: MachineFinding, findings: readonly MachineFinding[]): string {
  const text = describeFault(fault);
  if (findings.some((finding) => isDeepStrictEqual(finding, fault))) return text;
  logger.warn(text);
  return `${fault.check}: kept back, expected ${fault.expected}`;
}

/** @throws StageFailure permission, which names a folder by its variable: a path tells who builds */
async function makeFolders(config: Config): Promise<void> {
  for (const name of ['BUILD_DIR', 'BUILD_TMPDIR', 'BUILD_HOME', 'CACHE_DIR'] as const) {
    try {
      await mkdir(config[name], { recursive: true });
      await access(config[name], constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw new StageFailure('preflight', 'permission', `${name} is not writable by the agent`, {
        cause,
      });
    }
  }
}

import { EXIT } from '../../exit.js';
import { mayColor, printData, printJson } from '../../terminal.js';
import { diagnose, isUsable, type Diagnosis } from './diagnosis.js';
import { doctorText } from './doctor-text.js';
import { askHosts, hostsText, neededHosts } from './hosts.js';
import { mend, type MendedStep } from './mend.js';
import { eraOf } from './needs.js';
import { requestOf, type DoctorOptions } from './request.js';

/** Columns where there is no terminal to ask. */
const USUAL_WIDTH = 100;

/**
 * Judges this machine as a builder, prints what it found, and mends what is agreed to. The exit code
 * is 2 where a build could not even begin.
 *
 * @throws CommandError usage; IcosError MALFORMED_ERAS
 */
export async function runDoctor(
  options: DoctorOptions,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<void> {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  const request = requestOf(options, environment, isTerminal);
  const era = await eraOf(request.era, request.erasFile);
  const isRoot = process.getuid?.() === 0;
  let diagnosis = await diagnose(request, era, environment);
  let steps: readonly MendedStep[] | null = null;
  if (request.mend !== 'no') {
    const hasSudo = diagnosis.sudo !== 'none';
    steps = await mend(diagnosis.findings, request.mend, { isRoot, hasSudo, isTerminal });
    const hasChanged = steps.some(({ outcome }) => outcome === 'applied' || outcome === 'failed');
    if (hasChanged) diagnosis = await diagnose(request, era, environment);
  }
  // Whoever names checks wants nothing beside them.
  const needed = request.only === null ? neededHosts(environment) : [];
  const hosts = await askHosts(needed, options.online === true);
  if (request.json) printJson({ ...jsonOf(diagnosis, steps), hosts });
  else {
    const width = process.stdout.isTTY ? process.stdout.columns : USUAL_WIDTH;
    printData(doctorText(diagnosis, { width, color: mayColor(process.stdout), isRoot }));
    if (hosts.length > 0) printData(hostsText(hosts));
  }
  if (!isUsable(diagnosis)) process.exitCode = EXIT.usage;
}

function jsonOf(diagnosis: Diagnosis, steps: readonly MendedStep[] | null): object {
  const { era, needs, folders, findings, jobs } = diagnosis;
  return {
    era: era.id,
    ...{ needs, folders, jobs, findings },
    isUsable: isUsable(diagnosis),
    ...(steps !== null && { steps }),
  };
}

import type { Stage } from '#libs/attestation';
import { classifyFailure, IcosError, type BuildEnd } from '#libs/icos';
import { cut } from './cut.js';
import { Interrupted, StageFailure } from './stage-failure.js';

/**
 * Turns what a stage threw into a failure that can be signed. Anything unknown is our own defect:
 * it is passed on as it is, so that nobody signs it as the release's.
 */
export function failureAt(stage: Stage, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new Interrupted('the agent is stopping', { cause: error });
  if (error instanceof StageFailure) return error;
  const failureClass = classifyFailure({ stage, error });
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof IcosError) && failureClass === 'build-error') return error;
  return new StageFailure(stage, failureClass, message, { cause: error });
}

/** Reads a build's end; null when the script says that it succeeded. */
export function buildFailure(end: BuildEnd): StageFailure | Interrupted | null {
  if (end.interrupted) return new Interrupted('the agent is stopping');
  if (end.exitCode === 0 && !end.idle) return null;
  const { exitCode, signal, idle, logTail } = end;
  const failureClass = classifyFailure({ stage: 'build', exitCode, signal, idle, logTail });
  const how = exitCode === null ? `ended by ${signal ?? 'a signal'}` : `exited with ${exitCode}`;
  return new StageFailure('build', failureClass, `the build script ${how}: ${lastLine(logTail)}`);
}

function lastLine(text: string): string {
  return cut(text.trimEnd().split('\n').at(-1) ?? '', 300);
}

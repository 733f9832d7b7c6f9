import type { BuildEnd } from '../build/build.js';
import { classifyFailure, type FailureStage } from '../build/failure.js';
import type { FailureClass } from '../build/failure-patterns.js';
import { IcosError } from '../error.js';

/** A build that did not come to its outputs: a value that can be signed, and no exception. */
export interface RebuildFailure {
  readonly stage: FailureStage;
  readonly class: FailureClass;
  /** One line, with paths of this machine as they are. */
  readonly message: string;
  readonly cause: unknown;
}

const MAX_LINE_CHARACTERS = 300;

/**
 * Reads what a stage threw. Null for what nobody here expects: that is a defect of our own, and
 * must never be signed as the release's.
 */
export function stageFailure(stage: FailureStage, error: unknown): RebuildFailure | null {
  const failureClass = classifyFailure({ stage, error });
  if (!(error instanceof IcosError) && failureClass === 'build-error') return null;
  const message = error instanceof Error ? error.message : String(error);
  return { stage, class: failureClass, message, cause: error };
}

/** Reads a build's end; null when the script says that it succeeded. */
export function buildFailure(end: BuildEnd): RebuildFailure | null {
  const { exitCode, signal, idle, limit, logTail } = end;
  if (limit !== null) {
    const message = `the build script was ended, as ${limit.message}: ${lastLine(logTail)}`;
    return { stage: 'build', class: limit.class, message, cause: null };
  }
  if (exitCode === 0 && !idle) return null;
  const how = exitCode === null ? `ended by ${signal ?? 'a signal'}` : `exited with ${exitCode}`;
  return {
    stage: 'build',
    class: classifyFailure({ stage: 'build', exitCode, signal, idle, logTail }),
    message: `the build script ${how}: ${lastLine(logTail)}`,
    cause: null,
  };
}

/** The end of a log in words: of a line that is too long, whole words alone, since half of one may not be known for what is private. */
function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  // A surrogate without its other half has no canonical form, so nothing could be signed with it.
  return cutLine(line).replaceAll(/\p{Cs}/gu, '\ufffd');
}

function cutLine(line: string): string {
  if (line.length <= MAX_LINE_CHARACTERS) return line;
  const end = Math.max(0, line.lastIndexOf(' ', MAX_LINE_CHARACTERS));
  return `${line.slice(0, end)} [${line.length - end} characters are left out]`.trimStart();
}

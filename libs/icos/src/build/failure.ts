import { ImageError } from '#libs/image';
import { IcosError, type IcosErrorCode } from '../error.js';
import type { LimitHit } from '../isolation/limits.js';
import { FAILURE_PATTERNS, type FailureClass } from './failure-patterns.js';

/** Stages of a build, in order. */
export type FailureStage = 'preflight' | 'source' | 'build' | 'outputs' | 'published' | 'submit';

/** What is known of a failure; all but the stage may be missing. */
export interface FailureFacts {
  readonly stage: FailureStage;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly idle?: boolean;
  /** The limit for which a build was stopped. */
  readonly limit?: LimitHit | null;
  readonly interrupted?: boolean;
  readonly logTail?: string;
  readonly error?: unknown;
}

/** What an error's code says, where it says it all. */
const BY_CODE: Partial<Readonly<Record<IcosErrorCode, FailureClass>>> = {
  SOURCE_UNAVAILABLE: 'source-unavailable',
  UNSUPPORTED_COMMIT: 'unsupported-commit',
  DIRTY_TREE: 'dirty-tree',
  OUTPUT_MISSING: 'output-missing',
  OUTPUT_TRUNCATED: 'output-truncated',
  INTERRUPTED: 'interrupted',
  NETWORK: 'network',
  HTTP_REFUSED: 'network',
  HTTP_UNAVAILABLE: 'network',
  TRUNCATED_DOWNLOAD: 'network',
  STALLED: 'network',
  OUT_OF_SPACE: 'out-of-space',
};

/** Exit codes of the shell: not executable, not found, ended by SIGINT, SIGKILL, SIGTERM. */
const BY_EXIT_CODE: Readonly<Record<number, FailureClass>> = {
  126: 'permission',
  127: 'missing-tool',
  130: 'interrupted',
  137: 'out-of-memory',
  143: 'interrupted',
};

/** A SIGKILL that nobody here sent is the kernel's, for want of memory. */
const BY_SIGNAL: Readonly<Record<string, FailureClass>> = {
  SIGKILL: 'out-of-memory',
  SIGINT: 'interrupted',
  SIGTERM: 'interrupted',
};

/**
 * Says of which class a failure is, so that a full disk does not read as a divergence.
 *
 * What this program saw itself goes before what the log says, as the log is a stranger's: no text
 * in it can make a failure `source-unavailable`, on which a verdict stands, or an interruption.
 */
export function classifyFailure(facts: FailureFacts): FailureClass {
  const { error } = facts;
  if (facts.limit != null) return facts.limit.class;
  if (facts.idle === true) return 'timeout';
  if (facts.interrupted === true) return 'interrupted';
  const coded = error instanceof IcosError ? BY_CODE[error.code] : undefined;
  // A full disk also breaks a download or leaves an image half written; the cause is what helps.
  const worded = byWords(textOf(error));
  if (coded === 'network' || coded === 'output-truncated') return worded ?? coded;
  if (coded !== undefined) return coded;
  if (error instanceof ImageError && facts.stage === 'outputs') return worded ?? 'output-truncated';
  const logged = facts.stage === 'build' ? byWords(facts.logTail ?? '') : undefined;
  return (
    worded ??
    byStart(error) ??
    logged ??
    BY_SIGNAL[facts.signal ?? ''] ??
    BY_EXIT_CODE[facts.exitCode ?? 0] ??
    'build-error'
  );
}

function byWords(text: string): FailureClass | undefined {
  return FAILURE_PATTERNS.find(({ pattern }) => pattern.test(text))?.class;
}

function byStart(error: unknown): FailureClass | undefined {
  return error instanceof IcosError && error.code === 'NOT_STARTED' ? 'missing-tool' : undefined;
}

/** Messages of an error and of its causes, of which only a few are looked at: they may be a ring. */
function textOf(error: unknown): string {
  const texts: string[] = [];
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    const code = 'code' in current ? String(current.code) : '';
    texts.push(`${code} ${current.message}`);
    current = current.cause;
  }
  return texts.join('\n');
}

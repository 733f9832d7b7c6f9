/** One builder that came to no output, as its signed failure tells. All of it is a stranger's text. */
export interface ToldFailure {
  readonly operator: string;
  readonly builder: string;
  readonly stage: string;
  readonly class: string;
  readonly message: string;
  /** Last lines of the build's log, where they are at hand. */
  readonly logTail?: string;
}

/** Builders that failed in the same way. */
export interface FailureGroup {
  /** Id of the pattern that is known, or `<stage>/<class>`. */
  readonly pattern: string;
  readonly stage: string;
  readonly class: string;
  readonly operators: readonly string[];
  readonly builders: readonly string[];
  /** One line of the message or log that shows it, cleaned and bounded. */
  readonly line: string;
  /** Null where the pattern is not known. */
  readonly explanation: string | null;
  readonly remedy: string | null;
  readonly source: string | null;
}

/** Groups failed builds by stage, class and known words; larger groups first. */
export function groupFailures(_failures: readonly ToldFailure[]): readonly FailureGroup[] {
  return [];
}

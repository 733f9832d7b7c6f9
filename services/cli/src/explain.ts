import { CommandError, EXIT, type ExitCode } from './exit.js';
import { say } from './terminal.js';

/** Errors of the libs, by name: what is told of them is their code and message. */
const LIB_ERRORS: Readonly<Record<string, ExitCode>> = {
  AttestationError: EXIT.badEvidence,
  ConsensusError: EXIT.usage,
  SelectionError: EXIT.usage,
  DivergenceError: EXIT.undecided,
  EncodingError: EXIT.usage,
  IcosError: EXIT.usage,
  ImageError: EXIT.undecided,
  ManifestError: EXIT.undecided,
  NnsError: EXIT.usage,
  ProvenanceError: EXIT.usage,
};

/** Codes that mean another exit code than their lib's. */
const BY_CODE: Readonly<Record<string, ExitCode>> = {
  INTERRUPTED: EXIT.interrupted,
  OUT_OF_SPACE: EXIT.undecided,
  UNREACHABLE: EXIT.undecided,
  REJECTED: EXIT.undecided,
  MALFORMED_PAYLOAD: EXIT.undecided,
  MALFORMED_ANSWER: EXIT.undecided,
  UNCERTIFIED: EXIT.badEvidence,
  CERTIFICATE_OUTDATED: EXIT.badEvidence,
};

/** Says what went wrong and what to do, and gives the exit code that it means. */
export function explain(error: unknown): ExitCode {
  if (error instanceof CommandError) {
    say(error.message);
    if (error.hint !== null) say(error.hint);
    return error.exitCode;
  }
  if (isCoded(error)) {
    const exitCode = LIB_ERRORS[error.name];
    if (exitCode !== undefined) {
      say(`${error.code}: ${error.message}`);
      return BY_CODE[error.code] ?? exitCode;
    }
    if ('syscall' in error) {
      // The machine's own refusal, such as a full disk, needs no stack to be understood.
      say(error.message);
      return EXIT.usage;
    }
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.undecided;
}

function isCoded(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

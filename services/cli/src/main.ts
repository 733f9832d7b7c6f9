#!/usr/bin/env node
import { CommanderError } from 'commander';
import { AttestationError } from '#libs/attestation';
import { ConsensusError } from '#libs/consensus';
import { EncodingError } from '#libs/encoding';
import { CommandError, EXIT, type ExitCode } from './exit.js';
import { createProgram } from './program.js';
import { say } from './terminal.js';

process.once('SIGINT', () => {
  process.exit(EXIT.interrupted);
});

try {
  await createProgram(process.env).parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong and what to do, and gives the exit code that it means. */
function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has said it already; help and version are no errors.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof CommandError) {
    say(error.message);
    if (error.hint !== null) say(error.hint);
    return error.exitCode;
  }
  if (error instanceof AttestationError) {
    say(`${error.code}: ${error.message}`);
    return error.code === 'BAD_KEY' ? EXIT.usage : EXIT.badEvidence;
  }
  if (error instanceof ConsensusError || error instanceof EncodingError || isUsage(error)) {
    say(`${error.code}: ${error.message}`);
    return EXIT.usage;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.undecided;
}

/** A file that the user gave is malformed, as the libs' own errors tell it. */
function isUsage(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && error.name === 'IcosError';
}

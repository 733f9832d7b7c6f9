import { CommanderError } from 'commander';
import { verifyOnThreads } from '#libs/verifier';
import { EXIT, type ExitCode } from './exit.js';
import { fileTrouble } from './file-trouble.js';
import { createProgram } from './program.js';

process.once('SIGINT', () => {
  process.exit(EXIT.interrupted);
});
// A reader such as `head` may leave early; the exit code still has to tell the verdict.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  // A full disk says nothing of a release: left to Node, its code would be that of a mismatch.
  process.stderr.write(`repro-quorum: cannot write to stdout: ${fileTrouble(error)}\n`);
  process.exit(EXIT.usage);
});
// What cannot be said to anybody changes no verdict either.
process.stderr.on('error', () => undefined);

verifyOnThreads();
try {
  await createProgram(process.env).parseAsync();
} catch (error) {
  process.exitCode = await exitCodeFor(error);
}

async function exitCodeFor(error: unknown): Promise<ExitCode> {
  if (error instanceof CommanderError) {
    // Commander has said it already; help and version are no errors.
    const [, word] = /^error: unknown command '([^']*)'/.exec(error.message) ?? [];
    if (word !== undefined) await sayNearest(word);
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const { explain } = await import('./explain.js');
  return explain(error);
}

/** A command may be there, and be another one's: commander looks for it in one place only. */
async function sayNearest(word: string): Promise<void> {
  const { nearestCommands } = await import('./completion/nearest-commands.js');
  const { say } = await import('./terminal.js');
  const inner = nearestCommands(createProgram({}), word).filter((path) => path.includes(' '));
  if (inner.length === 0) return;
  say(`did you mean ${inner.map((path) => `\`repro-quorum ${path}\``).join(', ')}?`);
}

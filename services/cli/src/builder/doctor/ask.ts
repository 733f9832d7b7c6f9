import { createInterface } from 'node:readline/promises';

/** Asks on the terminal; anything but a yes is a no, and so is the end of input. */
export async function askYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Readline takes the key for itself; the program's own handler ends in order.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const ended = new Promise<string>((resolve) => {
      terminal.once('close', () => {
        resolve('');
      });
    });
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), ended]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

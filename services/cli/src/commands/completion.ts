import { Argument, type Command } from 'commander';
import type { Shell } from '../completion/completion.js';
import type { AskOptions } from '../round/api-of.js';

const AFTER = `
Commands, options and their values are completed, and the newest rounds of the coordinator.

Examples:
  source <(repro-quorum completion bash)     # in ~/.bashrc
  source <(repro-quorum completion zsh)      # in ~/.zshrc, after compinit
  repro-quorum completion fish > ~/.config/fish/completions/repro-quorum.fish`;

/** `completion bash|zsh|fish`, and what its scripts ask. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('teach a shell to complete this command')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', AFTER)
    .action(async (shell: Shell) => {
      const { printCompletion } = await import('../completion/completion.js');
      printCompletion(program, shell);
    });
  program
    .command('complete-rounds', { hidden: true })
    .action(async (_options: unknown, command: Command) => {
      const { completeRounds } = await import('../completion/complete-rounds.js');
      await completeRounds(command.optsWithGlobals<AskOptions>().coordinator);
    });
}

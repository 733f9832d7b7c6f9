import type { Command } from 'commander';
import type { InitOptions } from '../builder/init.js';
import { runService } from '../run-service.js';

/** `builder init|run` */
export function addBuilder(program: Command): void {
  const builder = program.command('builder').description('be a builder');
  builder
    .command('init')
    .description("make a builder's key and print its line for the roster")
    .requiredOption('--key <file>', 'where the private key goes; never over an older one')
    .action(async (_options: unknown, command: Command) => {
      const { initBuilder } = await import('../builder/init.js');
      initBuilder(command.optsWithGlobals<InitOptions>());
    });
  builder
    .command('run')
    .description('run the builder agent, configured by its environment variables')
    .action(async () => {
      process.exitCode = await runService('builder-agent');
    });
}

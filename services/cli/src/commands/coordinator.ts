import type { Command } from 'commander';
import { runService } from '../run-service.js';

/** `coordinator run` */
export function addCoordinator(program: Command): void {
  program
    .command('coordinator')
    .description('be a coordinator')
    .command('run')
    .description('run the coordinator, configured by its environment variables')
    .action(async () => {
      process.exitCode = await runService('coordinator');
    });
}

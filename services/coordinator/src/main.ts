import 'reflect-metadata';
import { ConfigError, readConfig } from '#libs/platform';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

try {
  const coordinator = await startCoordinator(readConfig(Config, process.env));
  process.stderr.write(`coordinator: listening on ${coordinator.url}\n`);
  let stopping: Promise<void> | null = null;
  const stop = (): void => {
    stopping ??= coordinator.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`coordinator: ${error.message}\n`);
  process.exitCode = 2;
}

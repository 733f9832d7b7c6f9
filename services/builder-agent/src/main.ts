import 'reflect-metadata';
import { ConfigError, readConfig } from '#libs/platform';
import { startAgent } from './agent.js';
import { Config } from './config.js';
import { describePublication } from './consent.js';

try {
  const config = readConfig(Config, process.env);
  if (config.PUBLICATION_CONSENT === 'yes') {
    const agent = await startAgent(config, process.env);
    process.stderr.write(`builder-agent: ${agent.builder} is ready\n`);
    const stop = (): void => {
      void agent.close().then(() => process.exit(0));
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  } else {
    process.stderr.write(await describePublication(config, process.env));
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`builder-agent: ${error.message}\n`);
  process.exitCode = 2;
}

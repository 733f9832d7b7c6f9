import 'reflect-metadata';
import { ConfigError, readConfig } from '#libs/platform';
import { verifyOnThreads } from '#libs/verifier';
import { startAgent } from './agent.js';
import { Config } from './config.js';
import { describePublication } from './consent.js';
import { toolDigest } from './tool-digest.js';

try {
  verifyOnThreads();
  const config = readConfig(Config, process.env);
  if (config.PUBLICATION_CONSENT === 'yes') {
    const agent = await startAgent(config, process.env, toolDigest());
    process.stderr.write(`builder-agent: ${agent.builder} is ready\n`);
    let closing: Promise<void> | undefined;
    const stop = (): void => {
      closing ??= agent.close().then(() => process.exit(0));
    };
    // Not `once`: execa listens too while a build runs, and where it finds itself alone it ends
    // this process at once, whose build and folders would then be left to the next start.
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  } else {
    process.stderr.write(await describePublication(config, process.env));
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`builder-agent: ${error.message}\n`);
  process.exitCode = 2;
}

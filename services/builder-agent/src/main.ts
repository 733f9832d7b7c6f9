import 'reflect-metadata';
import { ConfigError, readConfig } from '#libs/platform';
import { verifyOnThreads } from '#libs/verifier';
import { startAgent, type RunningAgent } from './agent.js';
import { Config } from './config.js';
import { NotWanted } from './connection/credentials-keeper.js';
import { setUpEgress } from './connection/egress.js';
import { describePublication } from './consent.js';
import { toolDigest } from './tool-digest.js';

const say = (line: string): void => {
  process.stderr.write(`builder-agent: ${line}\n`);
};

/** Serves until it is told to end, or is drained. */
async function serve(config: Config): Promise<void> {
  const stopping = new AbortController();
  const running: { agent?: RunningAgent } = {};
  let closing: Promise<void> | undefined;
  const stop = (): void => {
    stopping.abort();
    // Nothing was taken up yet: there is nothing to finish.
    if (running.agent === undefined) process.exit(0);
    closing ??= running.agent.close().then(() => process.exit(0));
  };
  // Not `once`: execa listens too while a build runs, and where it finds itself alone it ends
  // this process at once, whose build and folders would then be left to the next start.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // In place of the inspector, which Node starts on this signal for whoever may send it.
  process.on('SIGUSR1', () => {
    if (running.agent === undefined) process.exit(0);
    running.agent.drain();
  });
  const { signal } = stopping;
  const agent = await startAgent({
    ...{ config, base: process.env, agentDigest: toolDigest(), say, signal },
  });
  running.agent = agent;
  say(`${agent.builder} is ready`);
  await agent.drained;
  say('drained: nothing is left to do');
  stop();
}

try {
  verifyOnThreads();
  const config = readConfig(Config, process.env);
  if (config.PUBLICATION_CONSENT === 'yes') {
    await setUpEgress(process.env, config);
    await serve(config);
  } else {
    process.stderr.write(await describePublication(config, process.env));
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof NotWanted)) throw error;
  say(error.message);
  // A way to NATS may be tried still, for ever.
  process.exit(2);
}

import { readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Logger } from 'nestjs-pino';
import { signerFromPem } from '#libs/attestation';
import { builderDurable, DISPATCH_STREAM } from '#libs/contracts';
import { connectNats, JetStreamServer } from '#libs/messaging';
import { AgentModule } from './agent.module.js';
import type { Config } from './config.js';
import { coordinatorOf } from './jobs/coordinator-identity.js';

/** An agent that runs in this process. */
export interface RunningAgent {
  readonly builder: string;
  close(): Promise<void>;
}

/** Connects, takes up what was left unfinished, and serves until closed. */
export async function startAgent(
  config: Config,
  base: Readonly<NodeJS.ProcessEnv>,
): Promise<RunningAgent> {
  const signer = signerFromPem(await readFile(config.KEY_FILE, 'utf8'));
  const coordinator = coordinatorOf(config.COORDINATOR_VKEY);
  const nats = await connectNats({ url: config.NATS_URL, name: `builder ${signer.id}` });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AgentModule.forRoot({ config, signer, coordinator, nats, base }),
    {
      strategy: new JetStreamServer({
        connection: nats,
        stream: DISPATCH_STREAM.name,
        durable: builderDurable(signer.id),
      }),
      bufferLogs: true,
    },
  );
  app.useLogger(app.get(Logger));
  await app.listen();
  return {
    builder: signer.id,
    close: async () => {
      await app.close();
      await nats.close();
    },
  };
}

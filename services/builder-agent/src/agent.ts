import { readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Logger } from 'nestjs-pino';
import { signerFromPem, type Signer } from '#libs/attestation';
import { builderDurable, DISPATCH_STREAM } from '#libs/contracts';
import { connectNats, JetStreamServer } from '#libs/messaging';
import { ConfigError } from '#libs/platform';
import { AgentModule } from './agent.module.js';
import type { Config } from './config.js';
import { coordinatorOf, type Coordinator } from './jobs/coordinator-identity.js';

/** An agent that runs in this process. */
export interface RunningAgent {
  readonly builder: string;
  close(): Promise<void>;
}

/**
 * Connects, takes up what was left unfinished, and serves until closed.
 *
 * @throws ConfigError when a key is not one
 */
export async function startAgent(
  config: Config,
  base: Readonly<NodeJS.ProcessEnv>,
  agentDigest: string | null,
): Promise<RunningAgent> {
  const signer = await readSigner(config);
  const coordinator = readCoordinator(config);
  const nats = await connectNats({ url: config.NATS_URL, name: `builder ${signer.id}` });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AgentModule.forRoot({ config, signer, coordinator, nats, base, agentDigest }),
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

async function readSigner({ KEY_FILE }: Config): Promise<Signer> {
  try {
    return signerFromPem(await readFile(KEY_FILE, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`KEY_FILE is not usable: ${messageOf(cause)}`, { cause });
  }
}

function readCoordinator({ COORDINATOR_VKEY }: Config): Coordinator {
  try {
    return coordinatorOf(COORDINATOR_VKEY);
  } catch (cause) {
    throw new ConfigError(`COORDINATOR_VKEY is not usable: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

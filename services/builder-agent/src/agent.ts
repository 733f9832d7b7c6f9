import { open } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Logger } from 'nestjs-pino';
import { readSigner, type Signer } from '#libs/attestation';
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
  const signer = await readBuilder(config);
  const witnessSigner = await readWitnessKey(config, signer);
  const coordinator = readCoordinator(config);
  const nats = await connectNats({ url: config.NATS_URL, name: `builder ${signer.id}` });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AgentModule.forRoot({ config, signer, witnessSigner, coordinator, nats, base, agentDigest }),
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

/** The builder that signs: under the id of its first key, where this one was rotated to. */
async function readBuilder(config: Config): Promise<Signer> {
  const signer = await readKey(config, 'KEY_FILE', config.KEY_FILE);
  return { ...signer, id: config.BUILDER_ID ?? signer.id };
}

async function readKey(config: Config, name: keyof Config, path: string): Promise<Signer> {
  try {
    return await readSigner(open, { path, passphrasePath: config.KEY_PASSPHRASE_FILE ?? null });
  } catch (cause) {
    throw new ConfigError(`${name} is not usable: ${messageOf(cause)}`, { cause });
  }
}

async function readWitnessKey(config: Config, { keyId }: Signer): Promise<Signer | null> {
  const { WITNESS_KEY_FILE } = config;
  if (WITNESS_KEY_FILE === undefined) return null;
  const witnessSigner = await readKey(config, 'WITNESS_KEY_FILE', WITNESS_KEY_FILE);
  if (witnessSigner.keyId !== keyId) return witnessSigner;
  // Cosignatures name no purpose but by their key: each of the two has to be good for one thing.
  throw new ConfigError('WITNESS_KEY_FILE is not usable: it holds the key of KEY_FILE');
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

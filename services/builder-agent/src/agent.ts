import { open } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Logger } from 'nestjs-pino';
import { readSigner, type Signer } from '#libs/attestation';
import { builderDurable, DISPATCH_STREAM, type AgentOrder } from '#libs/contracts';
import { JetStreamServer } from '#libs/messaging';
import { ConfigError } from '#libs/platform';
import { AgentModule } from './agent.module.js';
import type { Config } from './config.js';
import { openConnection } from './connection/open-connection.js';
import { DrainService } from './presence/drain.service.js';
import { AgentMeters } from './metrics/agent-meters.js';
import { MoodService } from './presence/mood.service.js';
import { coordinatorOf, type Coordinator } from './jobs/coordinator-identity.js';
import { lockState } from './state-lock.js';
import { readCertificateVerifier } from './verdict/certificate-verifier.js';

/** An agent that runs in this process. */
export interface RunningAgent {
  readonly builder: string;
  /** Resolves once a draining agent has nothing left to do; `close` is still to be called. */
  readonly drained: Promise<void>;
  /** Finishes what it has, takes nothing more up, and is drained then. */
  drain(): void;
  close(): Promise<void>;
}

/** What an agent starts from. */
export interface AgentStart {
  readonly config: Config;
  readonly base: Readonly<NodeJS.ProcessEnv>;
  /** SHA-256 of the one file that the agent runs from; null for a checkout. */
  readonly agentDigest: string | null;
  /** Told, for people, what a start waits for. */
  readonly say: (line: string) => void;
  /** Ends the waiting for a coordinator's approval. */
  readonly signal: AbortSignal;
}

/**
 * Connects, as soon as the coordinator has approved the builder; takes up what was left unfinished, and
 * serves until closed. A process in which it fails is to end: STATE_DIR stays locked until then.
 *
 * @throws ConfigError when a key, of this builder or a network, is not one, when another agent has
 *   STATE_DIR, and what {@link openConnection} throws
 */
export async function startAgent(start: AgentStart): Promise<RunningAgent> {
  const { config, base, agentDigest, say, signal } = start;
  checkSlots(config);
  const lock = await lockState(config, say);
  const signer = await readBuilder(config);
  const witnessSigner = await readWitnessKey(config, signer);
  const coordinator = readCoordinator(config);
  const verifyCertificate = await readCertificateVerifier(config.NNS_ROOT_KEY_FILE);
  const mood = new MoodService(config);
  const onOrder = (order: AgentOrder): void => {
    mood.follow(order);
  };
  const connection = await openConnection({ config, signer, signal, say, onOrder });
  const { nats, apiPrefix } = connection;
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AgentModule.forRoot({
      ...{ config, signer, witnessSigner, coordinator, verifyCertificate },
      ...{ nats, mood, base, agentDigest },
    }),
    {
      strategy: new JetStreamServer({
        connection: nats,
        stream: DISPATCH_STREAM.name,
        durable: builderDurable(signer.id),
        apiPrefix,
        onDrop: (pattern) => {
          const kind = pattern.split('.').at(-1) ?? '';
          app.get(AgentMeters).counter('quorum_agent_refused_messages_total').inc({ kind });
        },
      }),
      bufferLogs: true,
    },
  );
  app.useLogger(app.get(Logger));
  await app.listen();
  return {
    builder: signer.id,
    drained: app.get(DrainService).drained(),
    drain: () => {
      mood.drain();
    },
    close: async () => {
      await app.close();
      await connection.close();
      lock.release();
    },
  };
}

/** Builds that share a home, or their folders' names, would write into each other. */
function checkSlots({ BUILD_SLOTS, BUILD_CACHE }: Config): void {
  if (BUILD_SLOTS === 1 || BUILD_CACHE === 'cold') return;
  throw new ConfigError('BUILD_CACHE is not usable: warm builds share one home, so BUILD_SLOTS=1');
}

/** The builder that signs: under the id of its first key, where this one was rotated to. */
async function readBuilder(config: Config): Promise<Signer> {
  const signer = await readKey(config, 'KEY_FILE', config.KEY_FILE);
  return { ...signer, id: config.BUILDER_ID ?? signer.id };
}

async function readKey(config: Config, name: keyof Config, path: string): Promise<Signer> {
  try {
    const passphrasePath = config.KEY_PASSPHRASE_FILE ?? null;
    return await readSigner(open, { path, passphrasePath, reader: process.geteuid?.() });
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

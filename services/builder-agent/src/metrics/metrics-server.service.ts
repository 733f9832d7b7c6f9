import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConfigError, Sampler, type Sample } from '#libs/platform';
import type { Config } from '../config.js';
import { JobRunnerService } from '../jobs/job-runner.service.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { MoodService } from '../presence/mood.service.js';
import { CONFIG, NATS } from '../tokens.js';
import { AgentMeters } from './agent-meters.js';
import { diskSample } from './disk-sample.js';
import { jobsSample } from './jobs-sample.js';

/** A scraper or two, and a probe. */
const MAX_CONNECTIONS = 16;
const REQUEST_MS = 10_000;

/** Answers `/metrics` and `/healthz`, where the configuration says so: an agent serves nothing else. */
@Injectable()
export class MetricsServerService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(MetricsServerService.name);
  private readonly sampler: Sampler;
  private server: Server | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(NATS) nats: Pick<NatsConnection, 'flush'>,
    private readonly meters: AgentMeters,
    runner: JobRunnerService,
    jobs: JobStoreService,
    mood: MoodService,
  ) {
    const samples = [
      jobsSample({ runner, jobs, mood, slots: config.BUILD_SLOTS }, meters),
      diskSample(config, meters),
      natsSample(nats, meters),
    ];
    this.sampler = new Sampler(samples, meters.gauge('quorum_agent_sample_failed'));
  }

  /** Such as `http://127.0.0.1:9464`; null where nothing is served. */
  get url(): string | null {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (address == null) return null;
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${host}:${address.port}`;
  }

  async onModuleInit(): Promise<void> {
    const { METRICS_PORT: port, METRICS_HOST: host } = this.config;
    if (port === undefined) return;
    const server = createServer({ requestTimeout: REQUEST_MS }, this.answer);
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(port, host);
    try {
      await once(server, 'listening');
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigError(`METRICS_PORT is not usable: ${reason}`, { cause });
    }
    this.server = server;
    this.logger.log(`metrics at ${this.url ?? ''}/metrics`);
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  private readonly answer: RequestListener = (request, response) => {
    const [path] = (request.url ?? '').split('?');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const say = (status: number, type: string, text: string): void => {
      response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' });
      response.end(request.method === 'HEAD' ? undefined : text);
    };
    if (!isRead) say(405, 'text/plain', 'only GET\n');
    else if (path === '/healthz') say(200, 'application/json', '{"status":"ok"}');
    else if (path === '/metrics') {
      this.text().then(
        (text) => {
          say(200, this.meters.registry.contentType, text);
        },
        (error: unknown) => {
          this.logger.error(error);
          say(500, 'text/plain', 'the log tells why\n');
        },
      );
    } else say(404, 'text/plain', '/metrics and /healthz are here\n');
  };

  private async text(): Promise<string> {
    await this.sampler.take();
    return this.meters.registry.metrics();
  }
}

function natsSample(nats: Pick<NatsConnection, 'flush'>, meters: AgentMeters): Sample {
  const connected = meters.gauge('quorum_agent_nats_connected');
  return {
    name: 'nats',
    take: async () => {
      connected.set(0);
      await nats.flush();
      connected.set(1);
    },
  };
}

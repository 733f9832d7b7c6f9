import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { CONFIG } from '../tokens.js';
import { loadPages, type BuiltPages } from './built-pages.js';
import { documentOf } from './document.js';
import type { ApiAnswer, PageData } from './page-renderer.js';
import { publicOrigin } from './public-origin.js';

const MINUTE_MS = 60_000;
const NOT_BUILT =
  'The pages of this coordinator are not built. Build them in its checkout with ./run setup, and start it again. The API below /v1 answers without them.\n';

/** A document and how it is answered. */
export interface ReadPage {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Draws pages of what the public API answers to the same reader, and of nothing else. */
@Injectable()
export class PageReaderService implements OnModuleInit {
  private built: BuiltPages | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly adapter: HttpAdapterHost,
  ) {}

  async onModuleInit(): Promise<void> {
    this.built = await loadPages();
  }

  /** Gives the pages as they were built; null where they were not. */
  get pages(): BuiltPages | null {
    return this.built;
  }

  /** Gives the page of a request's address. */
  async read(request: FastifyRequest): Promise<ReadPage> {
    const { built } = this;
    if (built === null) return { status: 503, type: 'text/plain; charset=utf-8', body: NOT_BUILT };
    const { needs } = built.renderer.routeOf(request.url);
    const answers = await Promise.all(
      Object.entries(needs).map(async ([name, { path }]): Promise<readonly [string, ApiAnswer]> => [
        name,
        await this.ask(path, request),
      ]),
    );
    return this.draw(built, request, Object.fromEntries(answers));
  }

  private draw(built: BuiltPages, request: FastifyRequest, answers: PageData['answers']): ReadPage {
    const data: PageData = {
      url: request.url,
      origin: publicOrigin(this.config, request),
      // Whole minutes: within one of them the page stays the same, and its ETag with it.
      now: new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS).toISOString(),
      answers,
    };
    const page = built.renderer.render(data);
    return {
      status: page.status,
      type: 'text/html; charset=utf-8',
      body: documentOf(page, data, built),
    };
  }

  /** Asks in the reader's name: what holds for his address holds for the page as well. */
  private async ask(path: string, { ip }: FastifyRequest): Promise<ApiAnswer> {
    const server = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    const answer = await server.inject({ method: 'GET', url: path, remoteAddress: ip });
    const type = answer.headers['content-type'];
    const isJson = typeof type === 'string' && /^application\/(\w+\+)?json/.test(type);
    return { status: answer.statusCode, body: isJson ? answer.json<unknown>() : answer.body };
  }
}

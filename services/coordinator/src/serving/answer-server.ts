import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { answerSubject } from './answer-subject.js';
import type { AnswerVersions, Subject } from './answer-versions.js';
import { finishAnswer } from './finish-answer.js';
import { KeptAnswer, type Checked, type SentAnswer } from './kept-answer.js';
import type { ReadLimit } from './read-limit.js';

/** How long what an answer is made of counts as looked at; then it is looked at again. */
const FRESH_MS = 100;
/** So long an answer is given while that is done: so much it may be behind what others have written. */
const BEHIND_MS = 400;
const MOST_KEPT_BYTES = 64 * 1024 ** 2;
/** Of pages there are as many as there are questions: they have room of their own, and drive out each other. */
const MOST_PAGES_BYTES = 16 * 1024 ** 2;
/** A single one that is larger would drive out all others. */
const MOST_ANSWER_BYTES = 4 * 1024 ** 2;

/** What is needed of the rest. */
export interface ServingParts {
  readonly versions: AnswerVersions;
  readonly limit: ReadLimit;
  /** Whether callers are who their connection says, so that answers go out before any hook. */
  readonly isDirect: boolean;
  /** Counts an answer that no hook sees. */
  readonly observe: (route: string, seconds: number) => void;
}

/** An answer that may be kept once it is made: what it is made of was read before. */
interface Wanted {
  readonly subject: Subject;
  readonly version: string | null;
  readonly checked: Checked;
}

/** An answer, and where it came from. */
interface Kept {
  readonly subject: Subject;
  readonly route: string;
  readonly answer: KeptAnswer;
}

/** Gives what was answered before again, as long as nothing that it is made of has changed. */
export class AnswerServer {
  private readonly kept = cacheOf(MOST_KEPT_BYTES);
  private readonly pages = cacheOf(MOST_PAGES_BYTES);
  private readonly wanted = new WeakMap<FastifyRequest, Wanted>();

  constructor(private readonly parts: ServingParts) {}

  /** Gives every answer its entity tag and form, and keeps what may be given again. */
  install(server: FastifyInstance): void {
    server.addHook('onRequest', (request, reply, done) => {
      const { isDirect } = this.parts;
      if (!isDirect && this.answer(request.raw, reply.raw, request.ip, true)) {
        reply.hijack();
        return;
      }
      this.note(request).then(
        (same) => {
          const isGiven =
            same !== null && this.give(same, request.raw, reply.raw, request.ip, true);
          if (isGiven) reply.hijack();
          else done();
        },
        // The database is away or busy: the route itself says so.
        () => {
          done();
        },
      );
    });
    server.addHook('onSend', async (request, reply, payload) => {
      const { body, answer } = await finishAnswer(request, reply, payload);
      const want = this.wanted.get(request);
      if (answer !== null && want !== undefined && request.method === 'GET') {
        const { subject, version, checked } = want;
        const route = request.routeOptions.url ?? '';
        const keeping = new KeptAnswer(answer, version, checked);
        this.among(subject).set(request.url, { subject, route, answer: keeping });
      }
      return body;
    });
  }

  /**
   * Answers a request with what is kept, before anything else looks at it; false where nothing is, and for
   * whoever asks too much: the guard refuses him in its own words.
   *
   * @param address - whom the request counts for
   * @param isHooked - whether a hook of the framework asks, which counts the answer itself
   */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
    isHooked = false,
  ): boolean {
    const { method, url = '', headers } = request;
    if ((method !== 'GET' && method !== 'HEAD') || !isForEverybody(headers)) return false;
    const found = this.kept.get(url);
    if (found === undefined || !this.isGood(url, found)) return false;
    return this.give(found, request, response, address, isHooked);
  }

  /** Sends an answer that is right; false where the one who asks is beyond his limits. */
  private give(
    found: Kept,
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    address: string,
    isHooked: boolean,
  ): boolean {
    const limits = this.parts.limit.count(address);
    if (limits === null) return false;
    const startedMs = performance.now();
    const send = ({ status, headers: told, body }: SentAnswer): void => {
      response.writeHead(status, [...told, ...limits]);
      if (body === null || method === 'HEAD') response.end();
      else response.end(body, 'latin1');
      if (!isHooked) this.parts.observe(found.route, (performance.now() - startedMs) / 1000);
    };
    const sent = found.answer.send(headers);
    if (!(sent instanceof Promise)) send(sent);
    else sent.then(send, () => response.destroy());
    return true;
  }

  /** Whether an answer may be given now; what it is made of is looked at again meanwhile. */
  private isGood(url: string, { subject, answer }: Kept): boolean {
    if (subject.kind === 'constant') return true;
    const now = this.now();
    const ageMs = now.atMs - answer.checked.atMs;
    if (now.commits !== answer.checked.commits || ageMs > BEHIND_MS) return false;
    if (ageMs > FRESH_MS) {
      this.parts.versions.read(subject).then(
        (version) => {
          if (version === answer.version) answer.checked = now;
          else this.kept.delete(url);
        },
        () => this.kept.delete(url),
      );
    }
    return true;
  }

  /** Notes what the answer to a request will be made of, if it may be kept; gives one that is still right. */
  private async note(request: FastifyRequest): Promise<Kept | null> {
    const { method, headers, url, routeOptions, params } = request;
    if (method !== 'GET' || !isForEverybody(headers)) return null;
    const subject = answerSubject(routeOptions.url, params);
    if (subject === null || (subject.kind !== 'database' && url.includes('?'))) return null;
    const checked = this.now();
    if (subject.kind === 'constant') {
      this.wanted.set(request, { subject, version: null, checked });
      return null;
    }
    const version = await this.parts.versions.read(subject);
    const found = this.among(subject).get(url);
    if (found !== undefined && found.answer.version === version) {
      found.answer.checked = checked;
      return checked.commits === this.parts.versions.commits ? found : null;
    }
    if (version !== null) this.wanted.set(request, { subject, version, checked });
    return null;
  }

  /** Pages are never given before they were looked at: a list is what shows that something has changed. */
  private among({ kind }: Subject): LRUCache<string, Kept> {
    return kind === 'database' ? this.pages : this.kept;
  }

  private now(): Checked {
    return { atMs: performance.now(), commits: this.parts.versions.commits };
  }
}

/** What is kept is the same for everybody: nothing that a token or another origin could change. */
function isForEverybody({ authorization, origin, range }: IncomingMessage['headers']): boolean {
  return authorization === undefined && origin === undefined && range === undefined;
}

function cacheOf(maxSize: number): LRUCache<string, Kept> {
  return new LRUCache({
    ...{ maxSize, maxEntrySize: MOST_ANSWER_BYTES },
    sizeCalculation: ({ answer }, url) => answer.sizeBytes + url.length,
  });
}

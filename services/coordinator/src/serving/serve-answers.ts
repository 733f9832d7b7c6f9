import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { answerSubject } from './answer-subject.js';
import type { AnswerVersions, Subject } from './answer-versions.js';
import { KeptAnswer, type SentAnswer } from './kept-answer.js';
import type { ReadLimit } from './read-limit.js';
import { finishAnswer } from './finish-answer.js';

/** How long what an answer is made of counts as looked at: so much may a kept answer be behind. */
const FRESH_MS = 100;
const MOST_KEPT_BYTES = 64 * 1024 ** 2;
/** A single one that is larger would drive out all others. */
const MOST_ANSWER_BYTES = 4 * 1024 ** 2;

/** What the hooks need of the rest. */
export interface ServingParts {
  readonly versions: AnswerVersions;
  readonly limit: ReadLimit;
}

/** An answer that may be kept once it is made: what it is made of was read before. */
interface Wanted {
  readonly version: string | null;
  readonly checkedMs: number;
}

/**
 * Gives every answer its entity tag, says how long it may be kept, compresses it, and answers who has it
 * already; and gives what was answered before again, as long as nothing that it is made of has changed.
 * Has to be installed before every other hook: what is kept is answered before they begin.
 *
 * @returns what makes it begin; until then nothing is kept
 */
export function serveAnswers(server: FastifyInstance): (parts: ServingParts) => void {
  let parts: ServingParts | null = null;
  const kept = new LRUCache<string, KeptAnswer>({
    maxSize: MOST_KEPT_BYTES,
    maxEntrySize: MOST_ANSWER_BYTES,
    sizeCalculation: ({ sizeBytes }) => sizeBytes,
  });
  const wanted = new WeakMap<FastifyRequest, Wanted>();

  const again = (
    { limit }: ServingParts,
    request: FastifyRequest,
    reply: FastifyReply,
    answer: KeptAnswer,
  ): boolean => {
    const limits = limit.count(request.ip);
    // Whoever asks too much is refused by the guard, in its own words.
    if (limits === null) return false;
    reply.hijack();
    const sent = answer.send(request.headers);
    if (sent instanceof Promise) {
      sent.then(
        (form) => {
          write(request, reply, form, limits);
        },
        () => {
          reply.raw.destroy();
        },
      );
    } else write(request, reply, sent, limits);
    return true;
  };

  server.addHook('onRequest', (request, reply, done) => {
    const begun = parts;
    const subject = begun !== null && mayBeKept(request) ? subjectOf(request) : null;
    if (begun === null || subject === null) {
      done();
      return;
    }
    const answer = kept.get(request.url);
    const now = performance.now();
    const isFresh =
      answer?.version === null || (answer !== undefined && now - answer.checkedMs < FRESH_MS);
    if (answer !== undefined && isFresh) {
      if (!again(begun, request, reply, answer)) done();
      return;
    }
    if (subject.kind === 'constant') {
      wanted.set(request, { version: null, checkedMs: now });
      done();
      return;
    }
    begun.versions.read(subject).then(
      (version) => {
        if (answer !== undefined && answer.version === version) {
          answer.checkedMs = now;
          if (again(begun, request, reply, answer)) return;
        } else if (version !== null) {
          wanted.set(request, { version, checkedMs: now });
        }
        done();
      },
      // The database is away or busy: the route itself says so.
      () => {
        done();
      },
    );
  });

  server.addHook('onSend', async (request, reply, payload) => {
    const { body, answer } = await finishAnswer(request, reply, payload);
    const want = wanted.get(request);
    if (answer !== null && want !== undefined && request.method === 'GET') {
      kept.set(request.url, new KeptAnswer(answer, want.version, want.checkedMs));
    }
    return body;
  });

  return (begun) => {
    parts = begun;
  };
}

function subjectOf({ routeOptions, params }: FastifyRequest): Subject | null {
  return answerSubject(routeOptions.url, params);
}

/** What is kept is the same for everybody: nothing that a token or another origin could change. */
function mayBeKept({ method, url, headers }: FastifyRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    headers.authorization === undefined &&
    headers.origin === undefined &&
    headers.range === undefined &&
    !url.includes('?')
  );
}

function write(
  { method }: FastifyRequest,
  { raw }: FastifyReply,
  { status, headers, body }: SentAnswer,
  limits: readonly string[],
): void {
  raw.writeHead(status, [...headers, ...limits]);
  if (body === null || method === 'HEAD') raw.end();
  else raw.end(body);
}

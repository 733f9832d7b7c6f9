import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { plain, VERSION } from '#libs/contracts';
import { failure, type Outcome } from './outcome.js';
import { retryAfterMs } from './retry-schedule.js';
import type { Target } from './target-address.js';

/** How long a receiver has for its answer, in milliseconds. */
export const ANSWER_MS = 15_000;
/** Of an answer no more is read. */
const ANSWER_BYTES = 16_384;

/** What is posted. */
export interface Posted {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Says why an answer with status 2xx is a refusal all the same; null where it is none. */
  readonly refusalIn?: (answer: string) => string | null;
}

/**
 * Posts a message once: no redirect is followed, and nothing of the answer is told to anybody but its
 * status. 410 means that nothing is wanted there any more.
 */
export async function postMessage(target: Target, posted: Posted, now: Date): Promise<Outcome> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await send(target, posted, signal);
    const status = answer.statusCode ?? 0;
    const wait = retryAfterMs(answer.headers['retry-after'], now);
    if (status < 200 || status > 299) {
      answer.destroy();
      if (status === 410) return { kind: 'gone', detail: 'the receiver answered 410' };
      return failure(`the receiver answered ${status}`, wait);
    }
    const text = posted.refusalIn === undefined ? '' : await beginningOf(answer);
    answer.destroy();
    const refusal = posted.refusalIn?.(text) ?? null;
    if (refusal !== null) return failure(refusal, wait);
    return { kind: 'delivered', detail: `the receiver answered ${status}` };
  } catch (error) {
    return failure(plain(error instanceof Error ? error.message : String(error), 200));
  }
}

async function send(
  { url, lookup }: Target,
  { contentType, headers, body }: Posted,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      ...(lookup !== null && { lookup }),
      // A connection of its own: one that is kept would have been judged for another message.
      agent: false,
      signal,
      headers: {
        ...headers,
        'content-type': contentType,
        'content-length': Buffer.byteLength(body),
        'user-agent': `repro-quorum/${VERSION}`,
      },
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size >= ANSWER_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { quote } from '#libs/encoding';
import type { AllowList } from './allow-list.js';
import { proxyAgentFor } from '../egress/egress.js';
import { IcosError } from '../error.js';

/** Most redirects that one download follows. */
export const MAX_REDIRECTS = 5;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const TRY_AGAIN = new Set([408, 425, 429]);

/** The answer to a GET, its body not yet read. */
export interface HttpAnswer {
  /** 200, or one of those that were asked for besides. */
  readonly status: number;
  /** Where the body comes from, after redirects. */
  readonly finalUrl: string;
  readonly body: IncomingMessage;
}

/** What to send and to accept besides the ordinary. */
export interface HttpGetOptions {
  /** Sent to each host in a row of redirects: nothing secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are answers too: 206, 304, 416. */
  readonly statuses?: readonly number[];
}

/**
 * Gets a URL and follows redirects one by one, each held against the allow-list as if it had been
 * asked for. Anything but status 200, or another that is asked for, with an unencoded body is an
 * error.
 *
 * @throws IcosError URL_NOT_ALLOWED, PRIVATE_ADDRESS, TOO_MANY_REDIRECTS, HTTP_REFUSED,
 * HTTP_UNAVAILABLE, BAD_RESPONSE, NETWORK
 */
export async function httpGet(
  url: string,
  allow: AllowList,
  signal: AbortSignal,
  { headers = {}, statuses = [] }: HttpGetOptions = {},
): Promise<HttpAnswer> {
  let current = allow.check(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const body = await getOnce(current, allow, signal, headers);
    const status = body.statusCode ?? 0;
    if (status === 200 || statuses.includes(status)) {
      refuseEncoding(body);
      return { status, finalUrl: current.href, body };
    }
    // Nobody reads the body of any other answer; left open it would hold its connection.
    body.destroy();
    if (!REDIRECTS.has(status)) throw refusal(current, status);
    current = allow.check(target(current, body.headers.location));
  }
  throw new IcosError(
    'TOO_MANY_REDIRECTS',
    `${quote(url)} redirects more than ${MAX_REDIRECTS} times`,
  );
}

async function getOnce(
  url: URL,
  allow: AllowList,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const proxy = proxyAgentFor(url);
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      // A proxy resolves the name itself: what it lets through is its operator's business.
      ...(proxy === null && { lookup: allow.lookup }),
      // A connection of its own: one kept alive would have been checked for another request.
      agent: proxy ?? false,
      signal,
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'repro-quorum',
        ...headers,
      },
    });
    outgoing.on('response', resolve);
    outgoing.on('error', (error) => {
      reject(networkError(url, error, signal));
    });
    outgoing.end();
  });
}

/** Says what a failed connection means; an abort keeps the reason that was given for it. */
export function networkError(url: URL, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted && signal.reason instanceof Error) return signal.reason;
  if (error instanceof IcosError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new IcosError('NETWORK', `cannot fetch ${quote(url.href)}: ${text}`, { cause: error });
}

function target(from: URL, location: string | undefined): string {
  if (location !== undefined && URL.canParse(location, from.href)) {
    // An absolute target is checked as it is written, before any parser has smoothed it.
    return /^[a-z][a-z0-9+.-]*:/i.test(location) ? location : new URL(location, from).href;
  }
  throw new IcosError('BAD_RESPONSE', `${quote(from.href)} redirects to no URL`);
}

function refuseEncoding(body: IncomingMessage): void {
  const encoding = body.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return;
  body.destroy();
  throw new IcosError(
    'BAD_RESPONSE',
    `the answer is encoded as ${quote(encoding)}, so its digest would not be the file's`,
  );
}

function refusal(url: URL, status: number): IcosError {
  const isTransient = status >= 500 || TRY_AGAIN.has(status);
  return new IcosError(
    isTransient ? 'HTTP_UNAVAILABLE' : 'HTTP_REFUSED',
    `${quote(url.href)} answers with status ${status}, not 200`,
  );
}

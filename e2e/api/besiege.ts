import fc from 'fast-check';
import { OPERATIONS, problemsOf } from '#libs/contracts';
import { exchange, type Answered } from './exchange.js';
import { hostileRequests, type Hostile, type Target } from './hostile-requests.js';
import { codeOf } from './judge.js';

/** Requests that are under way at once. */
const AT_ONCE = 32;
/** What any path may lead to that is none of the operation that it was made of. */
const ANYWHERE = [
  'not-found',
  'bad-request',
  'uri-too-long',
  'token-in-url',
  'unsupported-media-type',
];

/** How many answers there were, by status. */
export type Tally = Map<number, number>;

/**
 * Sends so many hostile requests to a coordinator, and holds every answer against what all answers have
 * to be: whole, of a status that is documented, and a problem where it is an error.
 */
export async function besiege(url: string, target: Target, count: number): Promise<Tally> {
  const tally: Tally = new Map();
  const batch = fc.array(hostileRequests(target), { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(batch, async (requests) => {
      await Promise.all(
        requests.map(async (hostile) => {
          const answered = await exchange(url, hostile.asked);
          tally.set(answered.status, (tally.get(answered.status) ?? 0) + 1);
          try {
            judge(hostile, answered);
          } catch (cause) {
            const { method, path } = hostile.asked;
            throw new Error(`${method} ${path} (${hostile.id})`, { cause });
          }
        }),
      );
    }),
    { numRuns: Math.ceil(count / AT_ONCE), endOnFailure: true },
  );
  return tally;
}

function judge({ id, asked }: Hostile, answered: Answered): void {
  const operation = OPERATIONS.find((each) => each.id === id);
  if (operation === undefined) throw new Error(`no operation ${id}`);
  const { status, headers, bytes } = answered;
  if (asked.method === 'HEAD' || status === 304 || status === 204) {
    if (status >= 500 && status !== 503) throw new Error(`status ${status}`);
    return;
  }
  const type = headers['content-type'] ?? '';
  if (status < 400) {
    if (/^application\/json(;|$)/.test(type)) JSON.parse(bytes.toString());
    return;
  }
  // A page for people is told of its failure in words, and C2SP has its own way of refusing.
  if (status < 500 && (type.startsWith('text/html') || operation.answers[status] !== undefined))
    return;
  // Where the pages were not built, their addresses say so in plain words.
  if (status === 503 && type.startsWith('text/plain')) return;
  const code: string = codeOf(answered);
  const documented: readonly string[] = problemsOf(operation);
  if (status >= 500 && (status === 500 || !documented.includes(code))) {
    throw new Error(`status ${status}: ${code}`);
  }
  if (asked.method !== operation.method) return;
  if (!documented.includes(code) && !ANYWHERE.includes(code)) {
    throw new Error(`${code} is not in the row of ${operation.id}`);
  }
}

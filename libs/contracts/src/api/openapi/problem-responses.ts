import { PROBLEM_BASE } from '../../http/http.js';
import { PROBLEM_CODES, type ProblemCode } from '../problem-codes.js';
import type { JsonObject } from './json.js';

/** Headers that come with problems of a status. */
const HEADERS: Readonly<Record<number, JsonObject>> = {
  401: { 'WWW-Authenticate': text('How to sign in. Source: RFC 6750') },
  403: { 'WWW-Authenticate': text('Which scope is needed, where one is') },
  429: { 'Retry-After': text('Seconds until it is worth while to ask again') },
  503: { 'Retry-After': text('Seconds until it is worth while to ask again') },
};

/** Responses that are problems, told once each. */
export interface ProblemBook {
  /** Gives the responses of these problems by status, as references. */
  of(codes: readonly ProblemCode[]): JsonObject;
  /** Every response that was referred to so far, by name. */
  components(): JsonObject;
}

/** Opens a book of problems. @param problem - refers to the schema that all of them have */
export function problemBook(problem: JsonObject): ProblemBook {
  const names = new Map<string, string>();
  const told = new Map<string, JsonObject>();
  const nameOf = (status: number, codes: readonly ProblemCode[]): string => {
    const key = codes.join();
    const known = names.get(key);
    if (known !== undefined) return known;
    const [first = ''] = codes;
    const plain = `${status}.${codes.length > 2 ? `${first}.and-${codes.length - 1}-more` : codes.join('.')}`;
    let name = plain;
    for (let nth = 2; told.has(name); nth += 1) name = `${plain}.${nth}`;
    names.set(key, name);
    told.set(name, responseOf(status, codes, problem));
    return name;
  };
  return {
    of: (codes) => {
      const byStatus = Map.groupBy([...codes].toSorted(), (code) => PROBLEM_CODES[code]);
      const entries = [...byStatus].map(([status, same]) => [
        `${status}`,
        { $ref: `#/components/responses/${nameOf(status, same)}` },
      ]);
      return Object.fromEntries(entries) as JsonObject;
    },
    components: () =>
      Object.fromEntries([...told].toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))),
  };
}

function responseOf(
  status: number,
  codes: readonly ProblemCode[],
  problem: JsonObject,
): JsonObject {
  const types = codes.map((code) => `${PROBLEM_BASE}/${code}`);
  const own: JsonObject = {
    type: 'object',
    properties: { type: { type: 'string', enum: types }, status: { const: status } },
    required: ['type', 'status'],
  };
  const headers = HEADERS[status];
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    ...(headers !== undefined && { headers }),
    content: { 'application/problem+json': { schema: { allOf: [problem, own] } } },
  };
}

function text(description: string): JsonObject {
  return { description, schema: { type: 'string' } };
}

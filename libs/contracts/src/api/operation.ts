import type { z } from 'zod';
import type { AccessScope } from '../http/access.js';
import type { ProblemCode } from './problem-codes.js';

/** Media types that answers have. */
export const MEDIA = {
  json: 'application/json',
  lines: 'application/jsonl',
  bytes: 'application/octet-stream',
  text: 'text/plain',
  markdown: 'text/markdown',
  events: 'text/event-stream',
  atom: 'application/atom+xml',
  svg: 'image/svg+xml',
  /** Source: C2SP tlog-witness */
  treeSize: 'text/x.tlog.size',
} as const;
export type MediaType = (typeof MEDIA)[keyof typeof MEDIA];

/** Rooms that the routes are told in. */
export const TAGS = {
  rounds: 'Rounds: what was asked of whom, and what came of it',
  proposals: 'Proposals of the Internet Computer that rounds answer',
  attestations: 'Signed statements, as the log has them',
  builders: 'The registry of builders',
  keys: 'The life of keys',
  log: 'The transparency log, as C2SP has it',
  witness: 'This coordinator as a witness of other logs',
  groups: 'Groups: a community, its members and its policy',
  news: 'News: who is told what, feeds and badges',
  access: 'Access tokens, and what was done with them',
  service: 'The process itself',
} as const;
export type Tag = keyof typeof TAGS;

/** One answer that is no problem. */
export interface Answer {
  readonly description: string;
  /** Absent where the answer has no body. */
  readonly type?: MediaType;
  /** Of JSON the whole answer, of lines or events one of them; absent for text and bytes. */
  readonly schema?: z.ZodType;
}

/**
 * One route of the HTTP API: what the document of the API, its client and its tests are made of. The
 * schemas are those by which the route reads and answers.
 */
export interface Operation {
  /** Camel case, unique: what clients call it. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces, such as `/v1/rounds/{round}/report`. */
  readonly path: string;
  readonly tag: Tag;
  /** One sentence without full stop. */
  readonly summary: string;
  /** One field for each parameter in the path. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Headers that change the answer, by lower-case name: what they do. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of JSON; `text` where the route takes text of any type. */
  readonly body?: z.ZodType | 'text';
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it refuses of its own; what any route refuses is added by {@link problemsOf}. */
  readonly problems: readonly ProblemCode[];
  /** Which scope an access token needs; absent where none is asked for. */
  readonly scope?: AccessScope;
}

/** What no guard counts: whoever watches the coordinator has to get through. */
const UNCOUNTED: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/** Lists every problem that an operation may answer with, its own and those of any route. */
export function problemsOf(operation: Operation): readonly ProblemCode[] {
  const { path, params, query, body, method, scope, problems } = operation;
  const own: ProblemCode[] = ['token-in-url'];
  if (params !== undefined) own.push('bad-request', 'uri-too-long');
  // A tile's path is anything, and what is no tile's is not found.
  const isRead =
    Object.keys(params?.shape ?? {}).some((name) => name !== 'path') || query !== undefined;
  if (isRead || (body !== undefined && body !== 'text')) own.push('malformed-request');
  if (method !== 'GET') {
    own.push('bad-request', 'payload-too-large');
    if (body !== 'text') own.push('unsupported-media-type');
  }
  if (scope !== undefined) {
    own.push('token-required', 'token-unknown', 'token-expired', 'token-revoked', 'scope-missing');
  }
  if (!UNCOUNTED.includes(path)) own.push('too-many-requests');
  return [...new Set<ProblemCode>([...own, ...problems, 'busy', 'internal'])];
}

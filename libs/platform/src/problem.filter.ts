import { STATUS_CODES } from 'node:http';
import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PROBLEM_BASE, type Problem } from '#libs/contracts';
import { ProblemError, type StatusTable } from './problem.js';

const INTERNAL: Refusal = {
  status: 500,
  code: 'internal',
  detail: 'the coordinator failed; its log tells why',
};

/** PostgreSQL: it took too long, waited too long for a lock or in a transaction, or all connections are taken. */
const BUSY = new Set(['57014', '55P03', '25P03', '53300']);
const COME_AGAIN: Refusal = {
  status: 503,
  code: 'busy',
  detail: 'the database is too busy to answer in time: ask again in a moment',
  headers: { 'retry-after': '5' },
};

/** Why a request is refused, as it goes out. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers every failed request with problem+json (RFC 9457). Errors with a code that the table knows
 * are the caller's or the outside's; anything else is ours: it is logged, and says nothing of itself.
 * An error that has no code of its own is named after its status.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly statuses: StatusTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const refusal = this.translate(error);
    if (refusal === INTERNAL) this.logger.error(error);
    void problemOf(host.switchToHttp().getResponse<FastifyReply>(), refusal);
  }

  private translate(error: unknown): Refusal {
    if (error instanceof ProblemError) {
      const { status, code, message: detail, headers } = error;
      return { status, code, detail, headers };
    }
    if (error instanceof HttpException) return refusalOf(error.getStatus(), error);
    if (!(error instanceof Error)) return INTERNAL;
    if ('code' in error && typeof error.code === 'string') {
      if (BUSY.has(error.code))
        return { ...COME_AGAIN, detail: `${COME_AGAIN.detail} (${error.code})` };
      const status = this.statuses[error.code];
      const code = error.code.toLowerCase().replaceAll('_', '-');
      if (status !== undefined) return { status, code, detail: error.message };
    }
    const status = statusOf(error);
    return status === null ? INTERNAL : refusalOf(status, error);
  }
}

/**
 * Answers what Fastify refuses before it looks for a route, such as a path that cannot be decoded;
 * the adapter's `frameworkErrors`.
 */
export function refuseRequest(error: Error, _request: unknown, reply: FastifyReply): void {
  void problemOf(reply, refusalOf(statusOf(error) ?? 400, error));
}

/** Answers a request with a problem, where no filter would. */
export function problemOf(
  reply: FastifyReply,
  { status, code, detail, headers = {} }: Refusal,
): FastifyReply {
  const problem: Problem = {
    type: `${PROBLEM_BASE}/${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
  };
  return reply
    .status(status)
    .headers(headers)
    .header('content-type', 'application/problem+json')
    .send(problem);
}

function refusalOf(status: number, { message }: Error): Refusal {
  const name = STATUS_CODES[status] ?? 'error';
  return { status, code: name.toLowerCase().replaceAll(/[^a-z]+/g, '-'), detail: message };
}

/** Fastify's own refusals (a body too large, not JSON) carry their status. */
function statusOf(error: Error): number | null {
  if (!('statusCode' in error)) return null;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
    ? statusCode
    : null;
}

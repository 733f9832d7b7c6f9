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

/**
 * Answers every failed request with problem+json (RFC 9457). Errors with a code that the table knows
 * are the caller's or the outside's; anything else is ours: it is logged, and says nothing of itself.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly statuses: StatusTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, code, detail } = this.translate(error);
    if (status >= 500 && code === 'internal') this.logger.error(error);
    const problem: Problem = {
      type: `${PROBLEM_BASE}/${code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
    };
    void reply.status(status).header('content-type', 'application/problem+json').send(problem);
  }

  private translate(error: unknown): { status: number; code: string; detail: string } {
    if (error instanceof ProblemError) {
      return { status: error.status, code: error.code, detail: error.message };
    }
    if (error instanceof HttpException) {
      return {
        status: error.getStatus(),
        code: error.getStatus() === 404 ? 'not-found' : 'bad-request',
        detail: error.message,
      };
    }
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      const status = this.statuses[error.code];
      const code = error.code.toLowerCase().replaceAll('_', '-');
      if (status !== undefined) return { status, code, detail: error.message };
    }
    const status = statusOf(error);
    if (status !== null && error instanceof Error) {
      return { status, code: 'bad-request', detail: error.message };
    }
    return { status: 500, code: 'internal', detail: 'the coordinator failed; its log tells why' };
  }
}

/** Fastify's own refusals (a body too large, not JSON) carry their status. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
    ? statusCode
    : null;
}

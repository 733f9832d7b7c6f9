import { HttpStatus, Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { ThrottlerLimitDetail, ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '#libs/platform';
import type { AccessConfig } from './access-config.js';
import { BUCKETS, bucketOf, limitOf } from './buckets.js';
import { HitWindows } from './hit-windows.js';
import { limitHeaders } from './limit-headers.js';

/** Holds each address to what one may ask for, before anything is looked up for it. */
@Injectable()
export class LimitGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(context.getType() !== 'http');
  }

  protected override async handleRequest(asked: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler } = asked;
    const name = throttler.name ?? '';
    const http = context.switchToHttp();
    const address = await this.getTracker(
      http.getRequest<FastifyRequest & Record<string, unknown>>(),
    );
    const key = `${name} ${address}`;
    const counted = await this.storageService.increment(key, ttl, limit, ttl, name);
    const { totalHits: hits, timeToExpire: seconds } = counted;
    const told = limitHeaders(name, { limit, windowMs: ttl, hits, seconds });
    void http.getResponse<FastifyReply>().header(told[0], told[1]).header(told[2], told[3]);
    if (counted.isBlocked) {
      await this.throwThrottlingException(context, {
        ...{ ...counted, limit, ttl, key, tracker: address },
      });
    }
    return true;
  }

  protected override async throwThrottlingException(
    _context: ExecutionContext,
    { limit, ttl, timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    await Promise.reject(
      tooMany(`more than ${limit} requests within ${ttl / 1000} s`, timeToBlockExpire),
    );
  }
}

/** Says that somebody has to wait, and for how long. */
export function tooMany(what: string, seconds: number): ProblemError {
  return new ProblemError(
    HttpStatus.TOO_MANY_REQUESTS,
    'too-many-requests',
    `${what} came from this address: ask again in ${seconds} s`,
    { headers: { 'retry-after': `${seconds}` } },
  );
}

/** What the throttler is set up with. */
export function limitOptions(config: AccessConfig): ThrottlerModuleOptions {
  return {
    storage: new HitWindows(),
    throttlers: BUCKETS.map((name) => {
      const { limit, windowMs } = limitOf(name, config);
      return {
        ...{ name, limit, ttl: windowMs },
        skipIf: (context: ExecutionContext) => {
          const request = context.switchToHttp().getRequest<FastifyRequest>();
          return bucketOf(request.method, request.routeOptions.url ?? '') !== name;
        },
      };
    }),
  };
}

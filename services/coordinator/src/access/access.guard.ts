import { HttpStatus, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { AccessScope } from '#libs/contracts';
import { ProblemError } from '#libs/platform';
import { ROUTE_ACCESS, type RouteAccess } from './access.decorator.js';
import { setActor } from './actor.js';
import { TokenReaderService } from './token-reader.service.js';

const READS = ['GET', 'HEAD', 'OPTIONS'];

/** Asks whoever would change something for a token, unless the body's own signature decides. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenReaderService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const access = this.reflector.get<RouteAccess | undefined, symbol>(
      ROUTE_ACCESS,
      context.getHandler(),
    );
    if (access === 'signed-body') return true;
    // A route that changes something without asking keeps the coordinator from starting; twice is safer.
    if (access === undefined) return READS.includes(request.method);
    const token = await this.tokens.read(request.headers.authorization, request.ip);
    requireScope(token.scopes, access.scope, token.id);
    setActor({ kind: 'token', id: token.id });
    return true;
  }
}

/** @throws ProblemError scope-missing */
function requireScope(held: readonly AccessScope[], needed: AccessScope, id: string): void {
  if (held.includes(needed)) return;
  throw new ProblemError(
    HttpStatus.FORBIDDEN,
    'scope-missing',
    `token ${id} has no scope ${needed}, only ${held.join(', ')}: have one made with \`coordinator token create --scope ${needed}\``,
    {
      headers: {
        'www-authenticate': `Bearer realm="repro-quorum", error="insufficient_scope", scope="${needed}"`,
      },
    },
  );
}

import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { AccessScope } from '#libs/contracts';

/** Under which a route keeps what it asks of its caller. */
export const ROUTE_ACCESS = Symbol('route access');

/** What a route asks: a token with a scope, or nothing but the signature inside of the body. */
export type RouteAccess = { readonly scope: AccessScope } | 'signed-body';

/** Only a token with this scope may call it. */
export function Access(scope: AccessScope): CustomDecorator<symbol> {
  return SetMetadata(ROUTE_ACCESS, { scope } satisfies RouteAccess);
}

/** Anybody may call it: what comes of it is decided by a signature in the body, which it MUST verify. */
export function SignedBody(): CustomDecorator<symbol> {
  return SetMetadata(ROUTE_ACCESS, 'signed-body' satisfies RouteAccess);
}

import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { z } from 'zod';
import { ZodPipe } from '#libs/platform';
import { ROUTE_ACCESS, type RouteAccess } from '../access/access.decorator.js';

/** One thing that a route reads of its request by a schema. */
export interface ReadPart {
  readonly place: 'params' | 'query' | 'body';
  /** Of a parameter in the path; null for query and body, which are read whole. */
  readonly name: string | null;
  readonly schema: z.ZodType;
}

/** A route as its controller declares it. */
export interface DeclaredRoute {
  readonly method: string;
  /** As Nest has it: `/v1/rounds/:round/report`. */
  readonly path: string;
  /** Absent where it asks nothing of its caller. */
  readonly access: RouteAccess | undefined;
  readonly reads: readonly ReadPart[];
}

const Args = z.record(
  z.string(),
  z.object({ data: z.unknown().optional(), pipes: z.array(z.unknown()) }),
);
const PLACES: Readonly<Record<string, ReadPart['place']>> = {
  [RouteParamtypes.PARAM]: 'params',
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.BODY]: 'body',
};

/** Lists the routes of controllers. */
export function declaredRoutes(controllers: readonly Type[]): readonly DeclaredRoute[] {
  const scanner = new MetadataScanner();
  return controllers.flatMap((controller) => {
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const prototype = controller.prototype as Record<string, unknown>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (typeof handler !== 'function') return [];
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      const path = Reflect.getMetadata(PATH_METADATA, handler) as string;
      return {
        method: RequestMethod[method],
        path: `/${[prefix, path]
          .flatMap((part) => part.split('/'))
          .filter(Boolean)
          .join('/')}`,
        access: Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined,
        reads: readsOf(controller, name),
      };
    });
  });
}

function readsOf(controller: Type, name: string): readonly ReadPart[] {
  const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  return Object.entries(Args.parse(metadata)).flatMap(([key, { data, pipes }]) => {
    const [kind = ''] = key.split(':');
    const place = PLACES[kind];
    if (place === undefined) return [];
    return pipes
      .filter((pipe) => pipe instanceof ZodPipe)
      .map(({ schema }) => ({ place, name: typeof data === 'string' ? data : null, schema }));
  });
}

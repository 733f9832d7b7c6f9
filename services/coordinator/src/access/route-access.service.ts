import { Injectable, RequestMethod, type OnModuleInit, type Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ROUTE_ACCESS } from './access.decorator.js';

const READS: readonly RequestMethod[] = [
  RequestMethod.GET,
  RequestMethod.HEAD,
  RequestMethod.OPTIONS,
];

/** Keeps the coordinator from starting with a route that changes something and asks nobody who they are. */
@Injectable()
export class RouteAccessService implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const controllers = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype as Type] : []));
    const open = openRoutes(controllers, this.reflector);
    if (open.length === 0) return;
    throw new Error(
      `${open.join(', ')} would change something for anybody: decorate with @Access(scope) or @SignedBody()`,
    );
  }
}

/** Names the routes of controllers that change something and have neither decorator. */
export function openRoutes(
  controllers: readonly Type[],
  reflector: Reflector = new Reflector(),
): readonly string[] {
  const scanner = new MetadataScanner();
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (typeof handler !== 'function') return [];
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined || READS.includes(method)) return [];
      const access: unknown = reflector.get(ROUTE_ACCESS, handler);
      return access === undefined ? [`${controller.name}.${name}`] : [];
    });
  });
}

import type { ModuleMetadata } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import type { AccessConfig } from './access-config.js';
import { AccessGuard } from './access.guard.js';
import { AdminActs } from './admin-acts.service.js';
import { AuditController } from './audit.controller.js';
import { LimitGuard, limitOptions } from './limit.guard.js';
import { RouteAccessService } from './route-access.service.js';
import { TokenReaderService } from './token-reader.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';
import { WrongTokensService } from './wrong-tokens.service.js';

/** Gives what the coordinator's module takes from this room. */
export function accessRoom(
  config: AccessConfig,
): Required<Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'>> {
  return {
    imports: [DiscoveryModule, ThrottlerModule.forRoot(limitOptions(config))],
    controllers: [TokensController, AuditController],
    providers: [
      AdminActs,
      WrongTokensService,
      TokenReaderService,
      TokensService,
      RouteAccessService,
      // In this order: who asks too much is not looked up.
      { provide: APP_GUARD, useClass: LimitGuard },
      { provide: APP_GUARD, useClass: AccessGuard },
    ],
  };
}

import { KeyWriterService } from '../keys/key-writer.service.js';
import { AdmissionService } from './admission.service.js';
import { ApplicationsService } from './applications.service.js';
import { BuildCancelController } from './build-cancel.controller.js';
import { BuildCancelService } from './build-cancel.service.js';
import { BuildersController } from './builders.controller.js';
import { CredentialsService } from './credentials.service.js';
import { DrainingService } from './draining.service.js';
import { EnrolmentsController } from './enrolments.controller.js';
import { HeartbeatsResponder } from './heartbeats.responder.js';
import { HeartbeatsService } from './heartbeats.service.js';
import { InvitesController } from './invites.controller.js';
import { InvitesService } from './invites.service.js';
import { NatsAccountsService } from './nats-accounts.service.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { RegistryService } from './registry.service.js';

/** What the module takes of the registry of builders. */
export const REGISTRY_CONTROLLERS = [
  EnrolmentsController,
  BuildersController,
  OrdersController,
  InvitesController,
  BuildCancelController,
];
export const REGISTRY_PROVIDERS = [
  RegistryService,
  KeyWriterService,
  NatsAccountsService,
  CredentialsService,
  AdmissionService,
  InvitesService,
  ApplicationsService,
  OrdersService,
  DrainingService,
  HeartbeatsService,
  HeartbeatsResponder,
  BuildCancelService,
];

import { CatchUpService } from './catch-up.service.js';
import { EnvironmentsService } from './environments.service.js';
import { EvidencePagesService } from './evidence-pages.service.js';
import { PartyPagesService } from './party-pages.service.js';
import { QueriesController } from './queries.controller.js';
import { RoundLinesService } from './round-lines.service.js';
import { RoundPagesService } from './round-pages.service.js';

/** What the module takes of lists and look-ups. */
export const QUERIES_CONTROLLERS = [QueriesController];
export const QUERIES_PROVIDERS = [
  RoundLinesService,
  RoundPagesService,
  EvidencePagesService,
  PartyPagesService,
  EnvironmentsService,
  CatchUpService,
];

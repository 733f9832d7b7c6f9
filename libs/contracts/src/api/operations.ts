import type { Operation } from './operation.js';
import { ACCESS_OPERATIONS } from './operations/access.js';
import { ATTESTATION_OPERATIONS } from './operations/attestations.js';
import { BUILDER_OPERATIONS } from './operations/builders.js';
import { GROUP_OPERATIONS } from './operations/groups.js';
import { KEY_OPERATIONS } from './operations/keys.js';
import { LOG_OPERATIONS } from './operations/log.js';
import { NEWS_OPERATIONS } from './operations/news.js';
import { PROPOSAL_OPERATIONS } from './operations/proposals.js';
import { ROUND_OPERATIONS } from './operations/rounds.js';
import { SERVICE_OPERATIONS } from './operations/service.js';
import { WITNESS_OPERATIONS } from './operations/witness.js';

/** Every route of the HTTP API; pages for people are none. */
export const OPERATIONS: readonly Operation[] = [
  ...ROUND_OPERATIONS,
  ...PROPOSAL_OPERATIONS,
  ...ATTESTATION_OPERATIONS,
  ...BUILDER_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...KEY_OPERATIONS,
  ...LOG_OPERATIONS,
  ...WITNESS_OPERATIONS,
  ...ACCESS_OPERATIONS,
  ...NEWS_OPERATIONS,
  ...SERVICE_OPERATIONS,
];

export { takeBackup, useBackups } from './backup.js';
export type { Backup } from './backup.js';
export { useConnection } from './connection.js';
export { ADMIN_TOKEN, CoordinatorClient } from './coordinator-client.js';
export type { Refused } from './coordinator-client.js';
export { connectDatabase, useDataSource } from './data-source.js';
export { eventually } from './eventually.js';
export { makeCapabilities, signApplication, signOrder } from './hand-application.js';
export { HandBuilder } from './hand-builder.js';
export type { Invitation, SealedResult } from './hand-builder.js';
export {
  makeOperator,
  makePeriod,
  signEnrolment,
  signRevocation,
  signRotation,
} from './hand-keys.js';
export type { HandKeys } from './hand-keys.js';
export { makeRelease, makeRoster, makeRound, makeSigner } from './hand-round.js';
export { makeFailure, makeResult, outputDigest, signCommit, signResult } from './hand-signed.js';
export type { Answered } from './hand-signed.js';
export {
  freshCommit,
  freshKeys,
  freshSigner,
  Joining,
  makeComer,
  signedOrder,
  SPEC_ORIGIN,
} from './joining.js';
export type { Comer } from './joining.js';
export { makeEntries } from './log-entries.js';
export { makeNatsKey, NatsWithAccounts, useNatsWithAccounts } from './nats-accounts.js';
export type { HandNatsKey } from './nats-accounts.js';
export { natsUrl, useNats } from './nats.js';
export { playRound } from './play-round.js';
export { createDatabase, usePostgres } from './postgres.js';
export type { TestDatabase } from './postgres.js';
export { Quorum, useQuorum } from './quorum.js';
export type { QuorumOptions, StartCoordinator, StartedCoordinator } from './quorum.js';

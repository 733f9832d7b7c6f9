export { armor, unarmor } from './armor.js';
export { Commit, commitStatement, readCommit } from './commit.js';
export {
  Envelope,
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  parseEnvelope,
  preAuthEncoding,
  signStatement,
  signatureOf,
  unverifiedPayload,
} from './dsse.js';
export { Environment, FactValue } from './environment.js';
export { AttestationError } from './error.js';
export type { AttestationErrorCode } from './error.js';
export { builderIdOf, keyIdOf, pemOf, spkiOf, verifySignature } from './key.js';
export {
  Release,
  ReleaseArtifact,
  ReleaseRef,
  checkRelease,
  refOf,
  subjectName,
} from './release.js';
export { Output, Published, STAGES, Stage } from './result.js';
export type { Result, ResultHead } from './result.js';
export { readResult, resultStatement } from './result-statement.js';
export { CloseReason, RoundClose, readRoundClose, roundCloseStatement } from './round-close.js';
export {
  ProposalRef,
  RosterBuilder,
  RosterEntry,
  RoundOpen,
  invitedKey,
  readRoundOpen,
  roundIdOf,
  roundOpenStatement,
} from './round-open.js';
export { createSigner, publicKeyFromText, signerFromPem } from './signer.js';
export type { Signer } from './signer.js';
export { Id, Label, Sha256Text, Statement, Time, parseStatement } from './statement.js';
export { NAMESPACE } from './type-uri.js';
export { readVerdict, verdictStatement } from './verdict-statement.js';
export type { InputAttestation, VerdictSummary } from './verdict-statement.js';

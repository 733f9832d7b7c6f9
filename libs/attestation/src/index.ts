export { Actor, AdminAct, adminActStatement, readAdminAct } from './admin-act.js';
export { rosterOf } from './amended-roster.js';
export { armor, unarmor } from './armor.js';
export {
  BuildCancel,
  buildCancelStatement,
  CancelReason,
  readBuildCancel,
} from './build-cancel.js';
export { Calibration, givesVerdict } from './calibration.js';
export type { Purpose } from './calibration.js';
export {
  BuilderApplication,
  Contact,
  builderApplicationStatement,
  readBuilderApplication,
} from './builder-application.js';
export {
  BuilderOrder,
  BuilderOrderKind,
  builderOrderStatement,
  readBuilderOrder,
} from './builder-order.js';
export { Capabilities, ExclusiveHours, Tag, Tags } from './capabilities.js';
export { Commit, commitStatement, readCommit } from './commit.js';
export { Decline, DeclineReason, declineStatement, readDecline } from './decline.js';
export {
  Envelope,
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  openEnvelopeAsync,
  parseEnvelope,
  preAuthEncoding,
  signStatement,
  signatureOf,
  signedPartsOf,
  unverifiedPayload,
} from './dsse.js';
export type { SignedParts } from './dsse.js';
export { Environment, FactValue } from './environment.js';
export { Experiment } from './experiment.js';
export { AttestationError } from './error.js';
export type { AttestationErrorCode } from './error.js';
export { Intermediate, MAX_INTERMEDIATES } from './intermediate.js';
export { JointEnvelope, jointStatement, verifyJoint } from './joint.js';
export type { Countersignature, JointVerification } from './joint.js';
export { checkPublicKey } from './key-check.js';
export {
  KeyEnrolment,
  keyEnrolmentStatement,
  proveEnrolment,
  readKeyEnrolment,
} from './key-enrolment.js';
export type { KeyEnrolmentClaim } from './key-enrolment.js';
export { keyHistory } from './key-history.js';
export type { KeyHistory } from './key-history.js';
export { checkKeyAt, isCompromisedAt, newestKeys } from './key-judgement.js';
export type { JudgedStatement } from './key-judgement.js';
export type { KeyFinding, KeyFindingCode, KeyLife, KeyUse, LoggedRevocation } from './key-life.js';
export { isLockedKey, lockKey, unlockKey } from './key-lock.js';
export type { KeyLock } from './key-lock.js';
export { readNatsSigner, readPassphrase, readSigner } from './key-reader.js';
export type { KeyPlace, OpenedFile, OpenFile } from './key-reader.js';
export { isKeyStatement, openKeyRecord, readKeyEvent } from './key-record.js';
export type { KeyEvent, KeyRecord } from './key-record.js';
export {
  KeyRevocation,
  RevocationReason,
  keyRevocationStatement,
  readKeyRevocation,
} from './key-revocation.js';
export {
  KeyRotation,
  keyRotationStatement,
  proveRotation,
  readKeyRotation,
} from './key-rotation.js';
export type { KeyRotationClaim } from './key-rotation.js';
export { KeySet, Operator } from './key-set.js';
export { keyStateAt } from './key-state.js';
export type { KeyStanding, KeyState } from './key-state.js';
export { legacyKey, legacyKeyId } from './legacy-key.js';
export type { LegacyKey } from './legacy-key.js';
export { legacyLayout } from './legacy-layout.js';
export type { LayoutRequest } from './legacy-layout.js';
export { LegacyLink, legacyLink, legacyLinkFile, openLegacyLink } from './legacy-link.js';
export {
  LogSuccession,
  Predecessor,
  logSuccessionStatement,
  readLogSuccession,
} from './log-succession.js';
export { MAX_MANIFEST_ROOTS } from './manifest-root.js';
export { metablockText, signMetablock } from './metablock.js';
export type { Metablock } from './metablock.js';
export { createNativeSigner } from './native-signer.js';
export { natsKeyBytes, natsKeyText, natsSeedBytes } from './nats-key.js';
export { builderIdOf, keyIdOf, pemOf, spkiOf } from './key.js';
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
export { Reveal, readReveal, revealStatement } from './reveal.js';
export { readResult, resultStatement } from './result-statement.js';
export { RoundAmend, amendRoster, readRoundAmend, roundAmendStatement } from './round-amend.js';
export { CloseReason, RoundClose, readRoundClose, roundCloseStatement } from './round-close.js';
export {
  GroupId,
  MAX_GROUP_MEMBERS,
  MAX_ROUND_GROUPS,
  MIN_GROUP_MEMBERS,
  RoundGroup,
} from './round-group.js';
export {
  ProposalRef,
  RosterBuilder,
  RosterEntry,
  RoundOpen,
  Witnessing,
  checkRosterKeys,
  invitedKey,
  readRoundOpen,
  roundIdOf,
  roundOpenStatement,
} from './round-open.js';
export {
  setSignatureVerifier,
  verifyOnPool,
  verifySignature,
  verifySignatureAsync,
} from './signature.js';
export type { SignatureVerifier } from './signature.js';
export { signifyPublicKey, signifySignature } from './signify.js';
export { sigstoreBundle, sigstoreTrustedRoot } from './sigstore-bundle.js';
export type { SigstoreLog, SigstoreLogEntry } from './sigstore-bundle.js';
export { createSigner, publicKeyFromText, signerFromPem } from './signer.js';
export type { MakeSigner, Signer } from './signer.js';
export { Bytes32, Id, Label, Sha256Text, Statement, Time, parseStatement } from './statement.js';
export { statementKind } from './statement-kind.js';
export type { StatementKind } from './statement-kind.js';
export { IN_TOTO_PAYLOAD, NAMESPACE, REBUILD, SLSA_PROVENANCE } from './type-uri.js';
export { VerdictRefusal, readVerdictRefusal, verdictRefusalStatement } from './verdict-refusal.js';
export { readVerdict, verdictStatement } from './verdict-statement.js';
export type { InputAttestation, VerdictSummary } from './verdict-statement.js';

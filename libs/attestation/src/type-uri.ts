/** URIs name types; nothing is ever fetched from them. */
export const NAMESPACE = 'https://repro-quorum.dev/ns';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json';

/** Predicates of others that we use as they are. */
export const SLSA_PROVENANCE = 'https://slsa.dev/provenance/v1';
export const TEST_RESULT = 'https://in-toto.io/attestation/test-result/v0.1';
export const VERIFICATION_SUMMARY = 'https://slsa.dev/verification_summary/v1';

/** Our own predicates, in the order in which a round logs them. */
export const ROUND_OPEN = `${NAMESPACE}/round-open/v1`;
export const ROUND_AMEND = `${NAMESPACE}/round-amend/v1`;
export const DECLINE = `${NAMESPACE}/decline/v1`;
export const COMMIT = `${NAMESPACE}/commit/v1`;
export const ROUND_CLOSE = `${NAMESPACE}/round-close/v1`;
export const REVEAL = `${NAMESPACE}/reveal/v1`;
export const LOG_SUCCESSION = `${NAMESPACE}/log-succession/v1`;
export const ADMIN_ACT = `${NAMESPACE}/admin-act/v1`;
export const VERDICT_REFUSAL = `${NAMESPACE}/verdict-refusal/v1`;

/** Ours too, and never logged. */
export const BUILD_CANCEL = `${NAMESPACE}/build-cancel/v1`;

/** Our own predicates of the keys' history, and what proofs of possession begin with. */
export const KEY_ENROLMENT = `${NAMESPACE}/key-enrolment/v1`;
export const KEY_ROTATION = `${NAMESPACE}/key-rotation/v1`;
export const KEY_REVOCATION = `${NAMESPACE}/key-revocation/v1`;
export const KEY_POSSESSION = `${NAMESPACE}/key-possession/v1`;

/** What builders and operators ask of a coordinator; never logged. */
export const BUILDER_APPLICATION = `${NAMESPACE}/builder-application/v1`;
export const BUILDER_ORDER = `${NAMESPACE}/builder-order/v1`;

/** Our extension fields inside predicates of others. */
export const REBUILD = `${NAMESPACE}/rebuild/v1`;
export const SALT = `${NAMESPACE}/salt/v1`;
export const ENVIRONMENT = `${NAMESPACE}/environment/v1`;
export const PUBLISHED = `${NAMESPACE}/published/v1`;
export const INTERMEDIATE = `${NAMESPACE}/intermediate/v1`;
export const MANIFEST = `${NAMESPACE}/manifest/v1`;
export const QUORUM = `${NAMESPACE}/quorum/v1`;

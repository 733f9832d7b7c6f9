/**
 * NATS subjects, in the order of a round's travel. The builder's id is the last token, so that
 * permissions can bind an agent to its own. A subject only routes: who a message is from, and whom
 * it is for, is decided by its signature.
 */
export const SUBJECTS = {
  /** Coordinator to builder, durable. */
  buildRequested: 'quorum.v1.to-builder.build-requested',
  roundClosed: 'quorum.v1.to-builder.round-closed',
  receiptsIssued: 'quorum.v1.to-builder.receipts-issued',
  verdictLogged: 'quorum.v1.to-builder.verdict-logged',
  /** Builder to coordinator, durable. */
  commitSubmitted: 'quorum.v1.from-builder.commit-submitted',
  resultSubmitted: 'quorum.v1.from-builder.result-submitted',
  declined: 'quorum.v1.from-builder.declined',
  verdictAnswered: 'quorum.v1.from-builder.verdict-answered',
  /** Builder to coordinator, lossy: heartbeats and stages. */
  progress: 'quorum.v1.progress',
  /** Builder to coordinator, a question: it is alive; is anything wanted of it? */
  heartbeat: 'quorum.v1.heartbeat',
  /** Builder to coordinator, a question: what it has to see before it shows its result. */
  closeEvidence: 'quorum.v1.ask.close-evidence',
  /** Coordinator to builder, a question: cosign this checkpoint. */
  cosign: 'quorum.v1.cosign',
  /** Coordinator to builder, a question with an order in it: stop this build. */
  cancel: 'quorum.v1.cancel',
  /** Coordinator to builder, questions about what it built: answered once its result is logged. */
  manifestPages: 'quorum.v1.manifest-pages',
  fileChunks: 'quorum.v1.file-chunks',
  fileBytes: 'quorum.v1.file-bytes',
  /** Coordinator to builder, questions about the log of its build. */
  buildLog: 'quorum.v1.build-log',
  logTail: 'quorum.v1.log-tail',
  /** Builder to coordinator: its answer to one of these questions, with a number behind its id. */
  answer: 'quorum.v1.answer',
} as const;

/** Completes a subject with the builder that it is for, or from. */
export function subjectFor(subject: string, builder: string): string {
  return `${subject}.${builder}`;
}

/** Everything that is sent to one builder. One filter: NATS 2.9 consumers take only one. */
export function inboxOf(builder: string): string {
  return `quorum.v1.to-builder.*.${builder}`;
}

/** Where a builder's answer to one question goes; `nonce` is one token that nobody can guess. */
export function answerSubject(builder: string, nonce: string): string {
  return `${SUBJECTS.answer}.${builder}.${nonce}`;
}

/**
 * Tells whether a builder may answer to a subject. Whoever asks names it, and an answer sent wherever
 * a question says would be the builder's own word in a place where others trust it.
 */
export function isAnswerSubject(subject: string, builder: string): boolean {
  const prefix = answerSubject(builder, '');
  return subject.startsWith(prefix) && /^[A-Za-z0-9_-]{1,64}$/.test(subject.slice(prefix.length));
}

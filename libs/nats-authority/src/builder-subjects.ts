import {
  BUILDER_API_PREFIX,
  builderDurable,
  DISPATCH_STREAM,
  subjectFor,
  SUBJECTS,
} from '#libs/contracts';
import { quote } from '#libs/encoding';
import { NatsAuthorityError } from './error.js';

/** One thing that builders may say to the coordinator's account. */
export interface Service {
  /** The name of the builder stands where `*` is; another `*` is anything. */
  readonly subject: string;
  /** What it is called in the builder's account, where it is called otherwise. */
  readonly localSubject?: string;
  /** Whether one message is answered by several. */
  readonly isStreamed?: boolean;
}

/** Stands in subjects where the builder's name goes. */
const BUILDER = '{builder}';

const { stream: DISPATCH, durable: DURABLE } = {
  stream: DISPATCH_STREAM.name,
  durable: builderDurable(BUILDER),
};

/** What a builder may say: these subjects with its own name in them, and nothing else. */
const SERVICES: readonly Service[] = [
  ...[
    SUBJECTS.commitSubmitted,
    SUBJECTS.resultSubmitted,
    SUBJECTS.declined,
    SUBJECTS.verdictAnswered,
    SUBJECTS.progress,
    SUBJECTS.heartbeat,
    SUBJECTS.closeEvidence,
  ].map((subject) => ({ subject: subjectFor(subject, BUILDER) })),
  { subject: `${subjectFor(SUBJECTS.answer, BUILDER)}.*` },
  api(`CONSUMER.INFO.${DISPATCH}.${DURABLE}`),
  { ...api(`CONSUMER.MSG.NEXT.${DISPATCH}.${DURABLE}`), isStreamed: true },
  { subject: `$JS.ACK.${DISPATCH}.${DURABLE}.>` },
];

/** What a builder may hear of the coordinator's account without having asked. */
const STREAMS: readonly string[] = [
  SUBJECTS.cosign,
  SUBJECTS.cancel,
  SUBJECTS.manifestPages,
  SUBJECTS.fileChunks,
  SUBJECTS.fileBytes,
  SUBJECTS.buildLog,
  SUBJECTS.logTail,
].map((subject) => subjectFor(subject, BUILDER));

/** As long as the longest subject lets it be, and one token without wildcards. */
const BUILDER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,126}[a-z0-9])?$/;

/** The services of one builder, or of all: `*` for each of them. */
export function servicesOf(builder: string): readonly Service[] {
  return SERVICES.map(({ subject, localSubject, ...rest }) => ({
    ...rest,
    subject: subject.replaceAll(BUILDER, builder),
    ...(localSubject !== undefined && {
      localSubject: localSubject.replaceAll(BUILDER, builder),
    }),
  }));
}

/** The streams of one builder, or of all: `*` for each of them. */
export function streamsOf(builder: string): readonly string[] {
  return STREAMS.map((subject) => subject.replaceAll(BUILDER, builder));
}

/**
 * Returns the name of a builder as it stands. One named `*` would be all of them.
 *
 * @throws NatsAuthorityError BAD_BUILDER
 */
export function requireBuilder(builder: string): string {
  if (BUILDER_NAME.test(builder)) return builder;
  throw new NatsAuthorityError(
    'BAD_BUILDER',
    `${quote(builder)} cannot be a builder: expected lower-case letters, digits and hyphens`,
  );
}

/** An account cannot import over the `$JS.API` that each account has of its own. */
function api(rest: string): Service {
  return { subject: `$JS.API.${rest}`, localSubject: `${BUILDER_API_PREFIX}.${rest}` };
}

import { z } from 'zod';
import { BuilderOrderKind, Id, Sha256Text } from '#libs/attestation';
import { BuilderStatus } from '../builders/builder-view.js';
import { AccessTokenId } from '../http/access.js';
import { CommitText } from '../http/queries/page.js';
import { RoundOutcome } from '../http/queries/round-outcome.js';

/** How many rows a page has. */
export const PageLimit = z.coerce
  .number()
  .int()
  .min(1)
  .max(100)
  .default(20)
  .describe('How many there are on a page');
/** A log index after which a page begins; -1 for the first. */
const AfterIndex = z.coerce.number().int().min(-1).default(-1);

export const RoundParams = z.object({ round: Sha256Text });
export const BuildLogParams = RoundParams.extend({ builder: Id });
export const ProposalId = z.string().regex(/^\d{1,20}$/, 'expected a decimal proposal id');
export const ProposalParams = z.object({ proposal: ProposalId });
export const AttestationParams = z.object({ sha256: Sha256Text });
export const BuilderParams = z.object({ builder: Id });
export const BuilderOrderParams = BuilderParams.extend({ order: BuilderOrderKind });
export const TokenParams = z.object({ id: AccessTokenId });
/** Hex SHA-256 of a log's origin. */
export const OriginParams = z.object({ origin: Sha256Text });
/** `0/x001/067.p/8` and the like; slashes are part of it. Source: C2SP tlog-tiles */
export const TileParams = z.object({ path: z.string() });
/** A leaf of the log, counted from 0. */
export const LogIndex = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const LogIndexParams = z.object({ index: LogIndex });

/** Which rounds to list. */
export const RoundListQuery = z.object({
  limit: PageLimit,
  /** The `next` of the page before. */
  before: Sha256Text.optional(),
  commit: CommitText.optional(),
  proposal: ProposalId.optional(),
  phase: z.enum(['open', 'revealing', 'final']).optional(),
  /** Of decided rounds. */
  outcome: RoundOutcome.optional(),
  /** Rounds that invited a builder of this operator, or this very builder. */
  operator: Id.optional(),
  builder: Id.optional(),
});
export type RoundListQuery = z.infer<typeof RoundListQuery>;

/** Which builders to list. */
export const BuilderListQuery = z.object({
  limit: PageLimit,
  /** The `next` of the page before. */
  after: z
    .string()
    .regex(/^(?:[a-z0-9][a-z0-9-]{0,79})?$/, 'expected a builder')
    .default(''),
  status: BuilderStatus.optional(),
});
export type BuilderListQuery = z.infer<typeof BuilderListQuery>;

/** Which key records to list. */
export const KeyListQuery = z.object({
  limit: PageLimit,
  /** The `next` of the page before. */
  after: AfterIndex,
});
export type KeyListQuery = z.infer<typeof KeyListQuery>;

/** What a coordinator is to be ready for. */
export const ReadinessQuery = z.object({
  /** `read`: a log that may be behind counts as ready, since it is read and not added to. */
  to: z.enum(['read', 'write']).default('write'),
});
export type ReadinessQuery = z.infer<typeof ReadinessQuery>;

/** Which administrative acts to list. */
export const AuditQuery = z.object({
  limit: PageLimit,
  /** The `next` of the page before. */
  after: AfterIndex,
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** `log=whole` gives every entry of the log from its first, for policies that ask for it. */
export const BundleQuery = z.object({ log: z.literal('whole').optional() });
export type BundleQuery = z.infer<typeof BundleQuery>;

/** Whose commit has to be covered, and what of the log is known. */
export const CloseEvidenceQuery = z.object({
  builder: Id,
  /** The size that the asker verified last; 0 when it never saw the log. */
  oldSize: z.coerce.number().int().min(0).default(0),
});
export type CloseEvidenceQuery = z.infer<typeof CloseEvidenceQuery>;

/** Under which policy a round is to be recounted. */
export const TrustQuery = z.object({
  /** Operators by name or principal, once each; all whom the round asked where it is left out. */
  trust: z
    .union([
      z
        .string()
        .min(1)
        .max(200)
        .transform((one) => [one]),
      z.array(z.string().min(1).max(200)).max(256),
    ])
    .default([]),
  /** A count or a fraction of them; the round's own where nobody is named, else 2/3. */
  threshold: z.string().min(1).max(20).optional(),
});
export type TrustQuery = z.infer<typeof TrustQuery>;

import { z } from 'zod';
import { GroupId, Sha256Text } from '#libs/attestation';
import { LogEntryKind } from '../http.js';
import {
  ArtifactText,
  CommitText,
  CursorText,
  IndexNumber,
  Limit,
  MomentText,
  Next,
  PartyText,
  VerdictText,
} from './page.js';

/** Which entries of the log to list. Every filter that is named has to hold. */
export const AttestationListQuery = z.object({
  limit: Limit,
  /** The `next` of the page before. */
  before: CursorText.optional(),
  builder: PartyText.optional(),
  operator: PartyText.optional(),
  /** Entries of builders that were in their round for an operator who is a member of this group now. */
  group: GroupId.optional(),
  commit: CommitText.optional(),
  round: Sha256Text.optional(),
  kind: LogEntryKind.optional(),
  /** Results of decided rounds in which the builder counted with this digest. */
  digest: Sha256Text.optional(),
  /** Results of decided rounds in which the builder counted with some digest of this artifact. */
  artifact: ArtifactText.optional(),
  /** Entries of decided rounds in which an artifact has this verdict. */
  verdict: VerdictText.optional(),
  /** Logged at this moment or after it. */
  since: MomentText.optional(),
  /** Logged before this moment. */
  until: MomentText.optional(),
  /** The lowest log index, and the first one that is too high. */
  fromIndex: IndexNumber.optional(),
  toIndex: IndexNumber.optional(),
});
export type AttestationListQuery = z.infer<typeof AttestationListQuery>;

/** One entry of the log. Its envelope and receipt: `GET /v1/attestations/:sha256`. */
export const AttestationSummary = z.object({
  /** Digest of the envelope. */
  attestation: Sha256Text,
  index: z.number().int(),
  kind: LogEntryKind,
  /** Null for what is about no round. */
  round: Sha256Text.nullable(),
  release: z.string().nullable(),
  builder: z.string().nullable(),
  operator: z.string().nullable(),
  /** When the coordinator logged it, by its own clock; null where that was not kept. */
  loggedAt: z.string().nullable(),
});
export type AttestationSummary = z.infer<typeof AttestationSummary>;

/** A page of the log, the newest entry first. */
export const AttestationList = z.object({ attestations: z.array(AttestationSummary), next: Next });
export type AttestationList = z.infer<typeof AttestationList>;

import { z } from 'zod';
import {
  GroupId,
  Id,
  Label,
  MAX_GROUP_MEMBERS,
  MAX_ROUND_GROUPS,
  MIN_GROUP_MEMBERS,
  Sha256Text,
} from '#libs/attestation';
import { ArtifactReport } from '../report/verdict.js';

const Members = z
  .array(Id)
  .min(MIN_GROUP_MEMBERS)
  .max(MAX_GROUP_MEMBERS)
  .refine((members) => new Set(members).size === members.length, {
    message: 'an operator is listed twice: expected it once',
  });

/** Asks for a group to be as it says, whether there was one of that name or not. */
export const PutGroup = z.strictObject({
  name: Label,
  /** Operators, by the labels that rosters have. */
  members: Members,
  /** How many members have to agree, as a count or as a fraction of all of them. */
  threshold: z.string().max(20),
  /** Where people read about the group. */
  about: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable()
    .default(null),
});
export type PutGroup = z.infer<typeof PutGroup>;

/** Operators who publish together. */
export const Group = z.object({
  group: GroupId,
  name: z.string(),
  members: z.array(z.string()),
  threshold: z.string(),
  about: z.string().nullable(),
  updatedAt: z.string(),
});
export type Group = z.infer<typeof Group>;

/** All groups of a coordinator, by id. */
export const GroupList = z.object({ groups: z.array(Group) });
export type GroupList = z.infer<typeof GroupList>;

/** For which groups a round is opened: the members of all of them are asked. */
export const GroupIds = z.array(GroupId).min(1).max(MAX_ROUND_GROUPS);

/** What one member of a group did in a round. */
export const MemberReport = z.object({
  operator: z.string(),
  /**
   * `attested`: a result of every builder of it that was asked is logged, built or failed. `partly`:
   * of some. `pending`: of none yet. `absent`: of none, and the round is over. `not-asked`: no builder
   * of it was in service when the round was opened.
   */
  attendance: z.enum(['attested', 'partly', 'pending', 'absent', 'not-asked']),
  /** When its last result was logged, by the coordinator's clock. */
  attestedAt: z.string().nullable(),
  /** Whether that was before the vote ended; null without a proposal or a result. */
  isBeforeDeadline: z.boolean().nullable(),
});
export type MemberReport = z.infer<typeof MemberReport>;

/** What a round comes to for one group. */
export const GroupReport = z.object({
  group: GroupId,
  name: z.string(),
  /** `round`: as the signed RoundOpen has it. `current`: as the group is now, for a round not opened for it. */
  definition: z.enum(['round', 'current']),
  threshold: z.string(),
  /** Members that have to agree. */
  needed: z.number().int(),
  members: z.array(MemberReport),
  headline: z.string(),
  artifacts: z.array(ArtifactReport),
});
export type GroupReport = z.infer<typeof GroupReport>;

/** What a round comes to for each group that has a member in it. */
export const RoundGroups = z.object({
  round: Sha256Text,
  /** When the vote on its proposal ends. */
  deadlineAt: z.string().nullable(),
  groups: z.array(GroupReport),
});
export type RoundGroups = z.infer<typeof RoundGroups>;

/** One round of a group. */
export const GroupRound = z.object({
  round: Sha256Text,
  release: z.string(),
  proposal: z.string().nullable(),
  phase: z.enum(['open', 'revealing', 'final']),
  openedAt: z.string(),
  deadlineAt: z.string().nullable(),
  report: GroupReport,
});
export type GroupRound = z.infer<typeof GroupRound>;

/** A page of a group's rounds, newest first. */
export const GroupRounds = z.object({
  rounds: z.array(GroupRound),
  /** Pass as `before` for the next page; null at the end. */
  next: z.string().nullable(),
});
export type GroupRounds = z.infer<typeof GroupRounds>;

/** Which of a group's rounds to list. */
export const GroupRoundsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The `next` of the page before. */
  before: Sha256Text.optional(),
});
export type GroupRoundsQuery = z.infer<typeof GroupRoundsQuery>;

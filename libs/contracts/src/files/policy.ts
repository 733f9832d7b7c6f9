import { z } from 'zod';
import { Bytes32, Id, Label } from '#libs/attestation';

/** Whom an auditor trusts, and how the log tells that somebody is it. */
const TrustedOperator = z
  .strictObject({
    operator: Id,
    name: Label.optional(),
    /** Operators of one group count together no more than `maxVotesPerGroup`. */
    group: Id.optional(),
    /** The operator's own key, base64 of 32 raw bytes: whatever builders the log shows to be its. */
    publicKey: Bytes32.optional(),
    /** Ids of its builders, where the log does not show whose they are. */
    builders: z.array(Id).min(1).max(64).optional(),
  })
  .refine(({ publicKey, builders }) => publicKey !== undefined || builders !== undefined, {
    message: 'name its publicKey or its builders: what the coordinator calls it proves nothing',
  });

/** An auditor's policy for `verify`. Every rule only ever takes away: a rule left out asks nothing. */
export const PolicyFile = z.strictObject({
  /** Verifier keys of the log, from elsewhere than the bundle. */
  log: z.array(z.string().max(300)).min(1).max(16),
  /** A C2SP tlog-policy that the bundle's checkpoint has to satisfy. */
  witnesses: z.string().max(65_536).optional(),
  operators: z.array(TrustedOperator).min(2).max(256),
  /** How many of the operators have to agree: 3 or 2/3. YAML reads a bare 3 as a number. */
  threshold: z.union([z.string().max(20), z.int().min(1).max(1_000_000).transform(String)], {
    error: 'expected a count such as 3 or a fraction such as 2/3',
  }),
  /** What has to be reproduced; otherwise what the proposal elects. */
  artifacts: z.array(z.string().max(120)).min(1).max(32).optional(),
  /** Hours from RoundOpen to the time of the audit. */
  maxAgeHours: z.number().min(0).optional(),
  /** Entries that the log has at least: a log made for one round is short. */
  minTreeSize: z.number().int().min(1).optional(),
  maxVotesPerGroup: z.number().int().min(1).optional(),
  coldBuildsOnly: z.boolean().optional(),
  workShown: z.boolean().optional(),
  /** How many different kinds of virtualisation have to be among those who agree. */
  distinctVirtualisation: z.number().int().min(1).max(16).optional(),
  /** How many different operating systems have to be among those who agree. */
  distinctHosts: z.number().int().min(1).max(16).optional(),
  refuseWeaklyWitnessed: z.boolean().optional(),
  /** Count only builders whose keys the log shows from their enrolment on. */
  enrolledOnly: z.boolean().optional(),
  /** Demand every entry of the log, from its first: then no earlier round can be hidden. */
  wholeLog: z.boolean().optional(),
  /** How many builders of the operators have to have signed the verdict, too. */
  minCountersignatures: z.number().int().min(1).optional(),
  /** The NNS root key in DER as hexadecimal; the Internet Computer's where left out. */
  nnsRootKey: z
    .string()
    .regex(/^[0-9a-f]{266}$/, 'expected 133 bytes in lower-case hexadecimal')
    .optional(),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

import { z } from 'zod';
import { Id, Sha256Text } from '#libs/attestation';
import type { ArtifactVerdict } from '#libs/consensus';
import { ArtifactReport } from '#libs/contracts';

/** Where an attestation was found: a file, and the line that it begins on. */
const Place = z.object({ file: z.string(), line: z.number().int().min(1) });

/** An attestation that was counted. */
const Counted = Place.extend({
  operator: Id,
  builder: Id,
  /** The round that it answers; null for one made outside of any. */
  round: Sha256Text.nullable(),
  /** Digest of the envelope: equal where one attestation stands in several places. */
  attestation: Sha256Text,
});

/** An attestation that was not counted since it is bad evidence. */
const Refused = Place.extend({ code: z.string(), message: z.string() });

/** Signed, or said to be, by a key that the roster does not list. */
const OutsideRoster = Place.extend({ builder: Id });

/** A statement that is no build result, such as a round's opening. */
const OtherStatement = Place.extend({ predicateType: z.string() });

/** What `tally --json` prints. */
export const TallyOutput = z.object({
  release: z.string(),
  threshold: z.string(),
  /** How many operators have to agree. */
  needed: z.number().int(),
  /** How many operators the roster lists. */
  eligible: z.number().int(),
  artifacts: z.array(ArtifactReport),
  counted: z.array(Counted),
  refused: z.array(Refused),
  outsideRoster: z.array(OutsideRoster),
  otherStatements: z.array(OtherStatement),
});
export type TallyOutput = z.infer<typeof TallyOutput>;

/** What loose attestations come to. */
export type Tally = Pick<
  TallyOutput,
  'counted' | 'refused' | 'outsideRoster' | 'otherStatements'
> & { readonly artifacts: readonly ArtifactVerdict[] };

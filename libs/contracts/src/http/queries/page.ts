import { z } from 'zod';
import { Id } from '#libs/attestation';
import { VERDICTS } from '#libs/consensus';

/** How many lines a page has. */
export const Limit = z.coerce.number().int().min(1).max(100).default(20);

/** A commit of the source that a release is named after. */
export const CommitText = z
  .string()
  .regex(/^[0-9a-f]{40}$/, 'expected 40 lower-case hexadecimal characters');

/** Decimal NNS proposal id. */
export const ProposalText = z.string().regex(/^\d{1,20}$/, 'expected a decimal proposal id');

/** An operator's name, as rosters have it, or a builder's id. */
export const PartyText = Id;

/** Name of an artifact, such as `guestos/update-img`. */
export const ArtifactText = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/+~-]{0,119}$/, 'expected the name of an artifact');

/** One of the verdicts that an artifact may have. */
export const VerdictText = z.enum(VERDICTS);

/** A moment, RFC 3339 with its zone: one that the database knows as well. */
export const MomentText = z.iso
  .datetime({ offset: true })
  .refine(isStorable, 'expected a moment of the years 1 to 9999, at most 15:59 from UTC');

function isStorable(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  const [, zoneHours = '0'] = /[+-](\d\d):?\d\d$/.exec(text) ?? [];
  return year >= 1 && year <= 9999 && Number(zoneHours) < 16;
}

/** A place in the log. */
export const IndexNumber = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What ends each page: pass it on for the next one; null at the end. */
export const Next = z.string().nullable();

/** A column of text cannot hold a NUL; anything else that is asked for is only not found. */
export const CursorText = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'expected the `next` of the page before');

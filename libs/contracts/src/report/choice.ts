import { z } from 'zod';
import { Ask } from '../http/ask.js';

const Reasoned = z.object({ builder: z.string(), operator: z.string(), reason: z.string() });

/** One builder that another took the place of, or that nobody could. */
export const Replacement = z.object({
  /** Who declined or vanished. */
  builder: z.string(),
  operator: z.string(),
  because: z.enum(['declined', 'vanished']),
  at: z.string(),
  /** Who was invited in its stead, and others'; none where nobody was left or needed. */
  by: z.array(Reasoned),
  /** Why nobody came, where nobody did; null otherwise. */
  note: z.string().nullable(),
});
export type Replacement = z.infer<typeof Replacement>;

/** How it was chosen whom to invite, in a round that asked for kinds of builders. */
export const ChoiceReport = z.object({
  ask: Ask,
  /** The ask as a text. */
  text: z.string(),
  taken: z.array(Reasoned),
  /** The first of those who were not taken, and how many there were. */
  left: z.array(Reasoned),
  leftCount: z.number().int(),
  replacements: z.array(Replacement),
});
export type ChoiceReport = z.infer<typeof ChoiceReport>;

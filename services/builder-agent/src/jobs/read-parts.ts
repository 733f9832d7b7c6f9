import { z } from 'zod';
import {
  Envelope,
  parseEnvelope,
  parseStatement,
  readRoundAmend,
  readRoundOpen,
  rosterOf,
  unverifiedPayload,
  type RoundOpen,
} from '#libs/attestation';

/** What decides nothing is not worth a job: where it cannot be read, it is as if it were not there. */
export function softly<T>(schema: z.ZodType<T>, text: string | null): T | null {
  try {
    return text === null ? null : schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** RoundOpen as it was kept, with everybody who was invited by then. */
export function openOf(dispatch: string, amends: string | null): RoundOpen {
  const open = readRoundOpen(parseStatement(unverifiedPayload(parseEnvelope(dispatch))));
  const added = z
    .array(Envelope)
    .parse(JSON.parse(amends ?? '[]'))
    .map((envelope) => readRoundAmend(parseStatement(unverifiedPayload(envelope))));
  return { ...open, roster: rosterOf(open, added) };
}

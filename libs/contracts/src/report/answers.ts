import { z } from 'zod';

/** What builders said of a round's verdict once they had recomputed it. */
export const AnswersReport = z.object({
  /** Ids of the builders that countersigned it, in log order. */
  countersigned: z.array(z.string()),
  refused: z.array(z.object({ builder: z.string(), reason: z.string(), message: z.string() })),
});
export type AnswersReport = z.infer<typeof AnswersReport>;

/** Says in one sentence who stands behind a verdict; `invited` is how many builders were asked. */
export function answersSentence(
  { countersigned, refused }: AnswersReport,
  invited: number,
): string {
  const signed = `${countersigned.length} of ${invited} builders countersigned the verdict`;
  if (refused.length === 0) return `${signed}.`;
  const who = refused.map(({ builder, reason }) => `${builder.slice(0, 11)} (${reason})`);
  return `${signed}; refused by ${who.join(', ')}.`;
}

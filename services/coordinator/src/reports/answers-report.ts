import { parseStatement, readVerdictRefusal, unverifiedPayload } from '#libs/attestation';
import type { AnswersReport } from '#libs/contracts';
import type { VerdictAnswer } from '../verdicts/verdict-answer.js';

/** Tells who countersigned a verdict, and who refused it and why. */
export function answersReport(answers: readonly VerdictAnswer[]): AnswersReport {
  return {
    countersigned: answers.flatMap(({ kind, builder }) =>
      kind === 'countersignature' ? [builder] : [],
    ),
    refused: answers.flatMap(({ kind, builder, envelope }) => {
      if (kind === 'countersignature') return [];
      const { reason, message } = readVerdictRefusal(parseStatement(unverifiedPayload(envelope)));
      return [{ builder, reason, message }];
    }),
  };
}

import type { QuestionRefusal } from '#libs/contracts';

/** A question that is answered with its refusal and nothing else. */
export class RefusedQuestion extends Error {
  override readonly name = 'RefusedQuestion';
  constructor(readonly refusal: QuestionRefusal) {
    super(refusal);
  }
}

/** What whoever asked is told instead of an answer. */
export function refused(refusal: QuestionRefusal): object {
  return { refused: refusal };
}

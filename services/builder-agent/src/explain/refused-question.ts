import type { QuestionRefusal } from '#libs/contracts';

/** A question that is answered with its refusal and nothing else. */
export class RefusedQuestion extends Error {
  override readonly name = 'RefusedQuestion';
  constructor(readonly refusal: QuestionRefusal) {
    super(refusal);
  }
}

import { conclusionWords, type ExplanationReport } from '#libs/contracts';
import type { Tone } from '../../../components/state.js';

/** A conclusion as it is shown: its word or two, and what that means. */
export interface ToldConclusion {
  readonly tone: Tone;
  readonly words: string;
  readonly sentence: string;
}

const TOLD: Readonly<
  Record<ExplanationReport['conclusion'], { readonly tone: Tone; readonly sentence: string }>
> = {
  explained: {
    tone: 'good',
    sentence: 'Explained: one cause holds up, by its trace in the bytes or by the numbers.',
  },
  ambiguous: {
    tone: 'failed',
    sentence: 'Ambiguous: more than one cause would do, and nothing here tells which.',
  },
  unexplained: {
    tone: 'plain',
    sentence: 'Unexplained: no cause holds up by what is known so far.',
  },
};

/** Tells on what an explanation rests. */
export function conclusionTold(explanation: ExplanationReport): ToldConclusion {
  return { ...TOLD[explanation.conclusion], words: conclusionWords(explanation) };
}

import type { ReactNode } from 'react';
import type { ArtifactReport } from '#libs/contracts';
import { State, type Tone } from './state.js';

type VerdictWord = ArtifactReport['verdict'];

const TONES: Readonly<Record<VerdictWord, Tone>> = {
  reproduced: 'good',
  agreed: 'good',
  contradicted: 'bad',
  split: 'split',
  insufficient: 'failed',
  'source-unavailable': 'failed',
  pending: 'open',
};

const WORDS: Readonly<Record<VerdictWord, string>> = {
  reproduced: 'reproduced',
  agreed: 'agreed',
  contradicted: 'contradicted',
  split: 'split',
  insufficient: 'undecided',
  'source-unavailable': 'source not available',
  pending: 'pending',
};

/** Gives the tone in which a verdict is told. */
export function toneOf(verdict: VerdictWord): Tone {
  return TONES[verdict];
}

/** A verdict in words, with its glyph and colour. `children` in place of the verdict's own word. */
export function Verdict(props: {
  readonly verdict: VerdictWord;
  readonly children?: ReactNode;
}): ReactNode {
  return <State tone={TONES[props.verdict]}>{props.children ?? WORDS[props.verdict]}</State>;
}

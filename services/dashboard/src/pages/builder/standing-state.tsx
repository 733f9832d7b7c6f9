import type { ReactNode } from 'react';
import type { BuilderHistory } from '#libs/contracts';
import { State, type Tone } from '../../components/state.js';

type Standing = NonNullable<BuilderHistory['rounds'][number]['standing']>;

const STATES: Readonly<Record<Standing, readonly [Tone, string]>> = {
  agreed: ['good', 'built what was agreed on'],
  disagreed: ['bad', 'built other bytes'],
  undecided: ['open', 'built; no bytes were agreed on'],
  failed: ['failed', 'its build failed'],
  absent: ['failed', 'was not heard of'],
  declined: ['plain', 'declined'],
  late: ['failed', 'came too late'],
  unrevealed: ['failed', 'did not show what it committed to'],
};

/** What a verdict made of what a builder said in a round. */
export function StandingState({ standing }: { readonly standing: Standing | null }): ReactNode {
  if (standing === null) return <State tone="open">no verdict</State>;
  const [tone, words] = STATES[standing];
  return <State tone={tone}>{words}</State>;
}

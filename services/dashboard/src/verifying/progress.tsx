import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import { State, type Tone } from '../components/state.js';
import type { Verified } from './protocol.js';
import type { Verifying } from './use-verifying.js';

/** How each outcome is told. */
export type OutcomeWords = Readonly<Record<Verified['outcome'], readonly [Tone, string]>>;

const ROUND_WORDS: OutcomeWords = {
  satisfied: ['good', 'Verified: the policy is satisfied.'],
  'not-satisfied': ['bad', 'The evidence is good, and the policy is not satisfied.'],
  undecided: ['open', 'The evidence is good, and nothing could be decided by the policy.'],
  'bad-evidence': ['bad', 'The evidence is bad: nothing rests on it.'],
};

/** How far verifying is, and what came of it, in words; said to screen readers when it changes. */
export function Progress(props: {
  readonly state: Verifying;
  /** Those of a round by default. */
  readonly words?: OutcomeWords;
}): ReactNode {
  const { state, words = ROUND_WORDS } = props;
  return (
    <>
      <div role="status" className="verify-said">
        <Said state={state} words={words} />
      </div>
      {state.kind === 'fetching' && <p className="quiet">{state.bytes} bytes so far</p>}
      {state.kind === 'verifying' && state.entries > 0 && (
        <p className="quiet">{state.entries} signatures so far</p>
      )}
    </>
  );
}

function Said(props: { readonly state: Verifying; readonly words: OutcomeWords }): ReactNode {
  const { state, words } = props;
  switch (state.kind) {
    case 'idle':
      return null;
    case 'fetching':
      return <State tone="open">Fetching the evidence…</State>;
    case 'verifying':
      return <State tone="open">Verifying signatures, proofs and votes…</State>;
    case 'failed':
      return (
        <>
          <State tone="failed">Nothing was verified.</State>
          <p>
            {plain(state.why, 1000)}. {state.advice}
          </p>
        </>
      );
    case 'done': {
      const [tone, said] = words[state.verified.outcome];
      return <State tone={tone}>{said}</State>;
    }
  }
}

import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import { State, type Tone } from '../components/state.js';
import type { NamedFinding, Step, StepState } from './protocol.js';
import './verifying.css';

const STATES: Readonly<Record<StepState, readonly [Tone, string]>> = {
  holds: ['good', 'holds'],
  fails: ['bad', 'fails'],
  unasked: ['plain', 'not asked'],
  unreached: ['plain', 'not looked at'],
};

/** What was verified, step by step, with what was found at each. */
export function Steps({ steps }: { readonly steps: readonly Step[] }): ReactNode {
  return (
    <ol className="verify-steps" aria-label="What was verified">
      {steps.map((step, at) => (
        <li key={at}>
          <OneStep step={step} />
        </li>
      ))}
    </ol>
  );
}

function OneStep({ step }: { readonly step: Step }): ReactNode {
  const { title, state, said, findings, more } = step;
  const [tone, word] = STATES[state];
  return (
    <>
      <strong>{plain(title, 200)}</strong>: <State tone={tone}>{word}</State>
      {said !== '' && <span className="verify-detail">{plain(said, 1000)}</span>}
      {findings.length > 0 && (
        <ul>
          {findings.map((finding, at) => (
            <li key={at}>
              <Finding finding={finding} />
            </li>
          ))}
          {more > 0 && <li>and {more} more: the command line lists all</li>}
        </ul>
      )}
    </>
  );
}

function Finding({ finding }: { readonly finding: NamedFinding }): ReactNode {
  const { code, message, where, isDamning } = finding;
  return (
    <>
      <State tone={isDamning ? 'bad' : 'plain'}>
        <code>{code}</code>
        {isDamning ? '' : ' (for information)'}
      </State>
      {where === '' ? '' : ` (${where})`}: {plain(message, 500)}
    </>
  );
}

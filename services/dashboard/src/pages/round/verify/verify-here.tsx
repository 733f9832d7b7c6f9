import { useState, type ReactNode } from 'react';
import { operatorsOf, type Report } from '#libs/contracts';
import { Command } from '../../../components/command.js';
import { Progress } from '../../../verifying/progress.js';
import { Steps } from '../../../verifying/steps.js';
import { useVerifying } from '../../../verifying/use-verifying.js';
import { chosenIn } from '../trust/recounted.js';
import { PolicyForm, type TypedPolicy } from './policy-form.js';
import type { PolicyInput } from '../../../verifying/protocol.js';

/** Verifies a round's evidence in the reader's browser, by whom he trusts on this page. */
export function VerifyHere(props: { readonly report: Report; readonly round: string }): ReactNode {
  const { report, round } = props;
  const { state, ask } = useVerifying();
  const [isItsOwnKey, setIsItsOwnKey] = useState(false);
  const isWorking = state.kind === 'fetching' || state.kind === 'verifying';
  const verified = state.kind === 'done' ? state.verified : null;
  return (
    <>
      <PolicyForm
        isWorking={isWorking}
        onVerify={(typed) => {
          setIsItsOwnKey(typed.file.trim() === '' && typed.key.isItsOwn);
          ask({ kind: 'round', round, policy: policyInput(report, typed, location.href) });
        }}
      />
      <Progress state={state} />
      {verified !== null && (
        <>
          {isItsOwnKey && (
            <p>
              <strong>
                The log’s key came from this coordinator: this shows only that it agrees with
                itself.
              </strong>
            </p>
          )}
          <Steps steps={verified.steps} />
          {verified.policy !== null && (
            <details>
              <summary>The policy that was applied, for the command line</summary>
              <Command text={verified.policy} what="policy" />
            </details>
          )}
        </>
      )}
    </>
  );
}

/** Joins what was typed with the trust set that the page's address names at this moment. */
export function policyInput(report: Report, typed: TypedPolicy, url: string): PolicyInput {
  const { operators, threshold } = chosenIn(report, url);
  const { key, witnesses, nnsRootKey, file } = typed;
  return {
    ...{ vkey: key.vkey, threshold, witnesses, nnsRootKey, file },
    operators: operatorsOf(report.builders)
      .filter(
        ({ operator, principal }) =>
          operators.includes(operator) || (principal !== null && operators.includes(principal)),
      )
      .map(({ operator, builders }) => ({ operator, builders })),
  };
}

import { useState, type ReactNode } from 'react';
import { KeyField, type TypedKey } from '../../verifying/key-field.js';
import { Progress, type OutcomeWords } from '../../verifying/progress.js';
import { Steps } from '../../verifying/steps.js';
import { useVerifying } from '../../verifying/use-verifying.js';

const WORDS: OutcomeWords = {
  satisfied: ['good', 'Verified: it is signed, and in the log.'],
  'not-satisfied': ['bad', 'It does not verify.'],
  undecided: ['open', 'Not all of it could be verified.'],
  'bad-evidence': ['bad', 'It does not verify: nothing rests on it.'],
};

/** Verifies one logged envelope in the reader's browser: who signed it, and that the log has it. */
export function VerifyEntry({ sha256 }: { readonly sha256: string }): ReactNode {
  const { state, ask } = useVerifying();
  const [key, setKey] = useState<TypedKey>({ vkey: '', isItsOwn: false });
  const isWorking = state.kind === 'fetching' || state.kind === 'verifying';
  return (
    <>
      <form
        className="verify"
        aria-label="Verify in this browser"
        onSubmit={(event) => {
          event.preventDefault();
          const signer = new FormData(event.currentTarget).get('signer');
          ask({
            ...{ kind: 'entry', sha256, vkey: key.vkey },
            signer: typeof signer === 'string' ? signer : '',
          });
        }}
      >
        <KeyField typed={key} onType={setKey} />
        <label>
          The signer’s public key, base64, where you have it from elsewhere:
          <input name="signer" maxLength={64} autoComplete="off" spellCheck={false} />
        </label>
        <button type="submit" disabled={isWorking}>
          Verify in this browser
        </button>
      </form>
      <Progress state={state} words={WORDS} />
      {state.kind === 'done' && <Steps steps={state.verified.steps} />}
    </>
  );
}

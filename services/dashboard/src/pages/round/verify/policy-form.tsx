import { useState, type ReactNode } from 'react';
import { KeyField, type TypedKey } from '../../../verifying/key-field.js';

/** What a reader typed, beside whom he trusts. */
export interface TypedPolicy {
  readonly key: TypedKey;
  readonly witnesses: string;
  readonly nnsRootKey: string;
  readonly file: string;
}

/** Asks for the parts of a policy that the trust set does not have. */
export function PolicyForm(props: {
  readonly isWorking: boolean;
  readonly onVerify: (typed: TypedPolicy) => void;
}): ReactNode {
  const [key, setKey] = useState<TypedKey>({ vkey: '', isItsOwn: false });
  return (
    <form
      className="verify"
      aria-label="Verify in this browser"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const textOf = (name: string): string => {
          const value = data.get(name);
          return typeof value === 'string' ? value : '';
        };
        props.onVerify({
          key,
          witnesses: textOf('witnesses'),
          nnsRootKey: textOf('nnsRootKey'),
          file: textOf('file'),
        });
      }}
    >
      <KeyField typed={key} onType={setKey} />
      <details>
        <summary>More to ask, or a policy file of your own</summary>
        <label>
          Witnesses that have to have cosigned, as a C2SP tlog-policy; nobody where left empty:
          <textarea name="witnesses" rows={3} maxLength={65_536} spellCheck={false} />
        </label>
        <label>
          Root key of another network than the Internet Computer, DER as hexadecimal:
          <input name="nnsRootKey" maxLength={266} autoComplete="off" spellCheck={false} />
        </label>
        <label>
          A policy file, YAML or JSON, in place of everything above and of the trust set:
          <textarea name="file" rows={4} spellCheck={false} />
        </label>
      </details>
      <button type="submit" disabled={props.isWorking}>
        Verify in this browser
      </button>
    </form>
  );
}

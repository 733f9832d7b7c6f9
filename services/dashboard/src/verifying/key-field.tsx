import { useState, type ReactNode } from 'react';
import { plain } from '#libs/contracts';

/** The log's verifier key as it stands in the form, and whose word it is. */
export interface TypedKey {
  readonly vkey: string;
  /** Whether it was taken from the coordinator that is being verified. */
  readonly isItsOwn: boolean;
}

/**
 * Takes the log's verifier key. It is the reader's to bring: one that the coordinator gives shows no
 * more than that the coordinator agrees with itself, and is said to.
 */
export function KeyField(props: {
  readonly typed: TypedKey;
  readonly onType: (typed: TypedKey) => void;
}): ReactNode {
  const { typed, onType } = props;
  const [trouble, setTrouble] = useState('');
  const takeItsOwn = async (): Promise<void> => {
    setTrouble('');
    try {
      const response = await fetch('/v1/log/key');
      if (!response.ok) throw new Error(`the coordinator answered ${response.status}`);
      onType({ vkey: (await response.text()).trim(), isItsOwn: true });
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="verify-key">
      <label>
        The log’s verifier key, as you have it from elsewhere:{' '}
        <input
          name="vkey"
          value={typed.vkey}
          maxLength={300}
          autoComplete="off"
          spellCheck={false}
          placeholder="log.example/quorum+9ae2b0e5+AeU…"
          onChange={({ target }) => {
            onType({ vkey: target.value, isItsOwn: false });
          }}
        />
      </label>
      <p>
        <button type="button" onClick={() => void takeItsOwn()}>
          Use this coordinator’s own key, for a look
        </button>{' '}
        That shows only that it agrees with itself: compare the key with one that a builder or a
        witness of this log was given.
      </p>
      {trouble !== '' && <p role="alert">Its key could not be had: {plain(trouble, 300)}</p>}
    </div>
  );
}

import { useState, type ReactNode } from 'react';
import { useIsLive } from './use-is-live.js';

/** Copies a text. Not there without scripts: what it would copy stands on the page and can be selected. */
export function CopyButton(props: {
  readonly text: string;
  /** What is copied, as in "Copy the digest". */
  readonly what: string;
  /** What stands on the button; "Copy" by default. */
  readonly children?: ReactNode;
}): ReactNode {
  const isLive = useIsLive();
  const [said, setSaid] = useState<'' | 'Copied' | 'Not copied'>('');
  if (!isLive) return null;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text);
      setSaid('Copied');
    } catch {
      setSaid('Not copied');
    }
  };
  return (
    <span className="copy">
      <button type="button" aria-label={`Copy ${props.what}`} onClick={() => void copy()}>
        {props.children ?? 'Copy'}
      </button>
      <span className="copy-said" role="status">
        {said}
      </span>
    </span>
  );
}

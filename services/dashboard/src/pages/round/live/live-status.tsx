import type { ReactNode } from 'react';
import type { FollowMode } from './round-follower.js';
import './live.css';

const WORDS: Readonly<Record<FollowMode, string>> = {
  starting: 'Reload the page to see how it goes on.',
  live: 'Live: this page follows the round by itself.',
  polling: 'This page asks every few seconds how the round goes on.',
  explaining:
    'Final. The builders are being asked why it differs; this page shows it when it is known.',
  over: '',
};

/** Says how the page keeps up, and, to readers of all kinds, what has just changed. */
export function LiveStatus(props: { readonly mode: FollowMode; readonly said: string }): ReactNode {
  const { mode, said } = props;
  return (
    <div className="live-status">
      {WORDS[mode] !== '' && <p className="quiet">{WORDS[mode]}</p>}
      <p role="status" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

import { useEffect, useState, type ReactNode } from 'react';
import { Moment } from './moment.js';
import { durationText } from './time-words.js';

const TICK_MS = 10_000;

/** How long it is until something ends, and when that is; counts by itself where scripts run. */
export function Countdown(props: {
  /** ISO 8601. */
  readonly until: string;
  readonly now: Date;
  /** What ends, as in "voting ends". */
  readonly what: string;
  /** What is said afterwards, as in "voting ended". */
  readonly whatThen: string;
}): ReactNode {
  const [now, setNow] = useState(props.now.getTime());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const leftMs = new Date(props.until).getTime() - now;
  return (
    <span className="countdown">
      {leftMs > 0 ? (
        <>
          {props.what} in <strong>{durationText(leftMs)}</strong>,{' '}
        </>
      ) : (
        <>{props.whatThen} </>
      )}
      <Moment at={props.until} />
    </span>
  );
}

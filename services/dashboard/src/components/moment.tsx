import type { ReactNode } from 'react';
import { durationText, momentText } from './time-words.js';

/** A moment in UTC; with `now` also how long ago it was. */
export function Moment(props: { readonly at: string; readonly now?: Date }): ReactNode {
  const at = new Date(props.at).getTime();
  const agoMs = props.now === undefined ? Number.NaN : props.now.getTime() - at;
  return (
    <time dateTime={Number.isNaN(at) ? undefined : new Date(at).toISOString()} className="moment">
      {momentText(props.at)}
      {agoMs >= 0 && <span className="quiet"> ({durationText(agoMs)} ago)</span>}
    </time>
  );
}

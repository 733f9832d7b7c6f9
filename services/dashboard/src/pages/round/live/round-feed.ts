import { RoundEvent } from '#libs/contracts';

/** What a feed needs of the browser; a page gives it the browser's own. */
export interface FeedDoors {
  readonly openEvents: (url: string) => EventSource;
  readonly every: (ms: number, call: () => void) => () => void;
}

/** What a feed tells. */
export interface FeedListener {
  readonly event: (event: RoundEvent) => void;
  /** The stream is not to be had: this is the time to ask by itself. */
  readonly poll: () => void;
  readonly mode: (mode: FeedMode) => void;
}

/** `live` by the stream, `polling` without it, `over` once the round is final. */
export type FeedMode = 'starting' | 'live' | 'polling' | 'over';

const POLL_MS = 5_000;
/** A stream that breaks off as often as this without a word is given up for a while. */
const MOST_BREAKS = 3;
/** Questions after which the stream is tried again: a coordinator that was started anew has it. */
const POLLS_PER_TRY = 6;
const KINDS = ['changed', 'progress', 'log', 'final'] as const;

/** Follows a round by server-sent events, and by asking where there is no stream. Gives what ends it. */
export function followRound(round: string, doors: FeedDoors, listener: FeedListener): () => void {
  let breaks = 0;
  let source: EventSource | null = null;
  let endPolling: (() => void) | null = null;
  const stopPolling = (): void => {
    endPolling?.();
    endPolling = null;
  };
  const stop = (): void => {
    source?.close();
    stopPolling();
  };
  const startPolling = (): void => {
    source?.close();
    if (endPolling !== null) return;
    listener.mode('polling');
    listener.poll();
    let polls = 0;
    endPolling = doors.every(POLL_MS, () => {
      polls += 1;
      listener.poll();
      if (polls % POLLS_PER_TRY === 0) open();
    });
  };
  const take = ({ data }: MessageEvent<unknown>): void => {
    const event = eventOf(data);
    if (event?.round !== round) return;
    breaks = 0;
    listener.event(event);
    if (event.kind !== 'final') return;
    stop();
    listener.mode('over');
  };
  const open = (): void => {
    const opened = doors.openEvents(`/v1/rounds/${encodeURIComponent(round)}/events`);
    source = opened;
    opened.onopen = () => {
      stopPolling();
      listener.mode('live');
    };
    opened.onerror = () => {
      breaks += 1;
      // The browser reconnects by itself unless it was refused.
      if (opened.readyState === 2 || breaks >= MOST_BREAKS) startPolling();
    };
    for (const kind of KINDS) opened.addEventListener(kind, take);
  };
  open();
  return stop;
}

function eventOf(data: unknown): RoundEvent | null {
  if (typeof data !== 'string') return null;
  try {
    return RoundEvent.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}

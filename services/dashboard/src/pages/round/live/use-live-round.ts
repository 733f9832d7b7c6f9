import { useEffect, useReducer, useState } from 'react';
import type { RoundEvent } from '#libs/contracts';
import {
  withFetched,
  withLog,
  withProgress,
  type FetchedRound,
  type LiveRound,
} from './live-round.js';
import { isSettled, RoundFollower, type FollowerDoors, type FollowMode } from './round-follower.js';

type Change = RoundEvent | ({ readonly kind: 'fetched' } & FetchedRound);

/**
 * Keeps a round's page as the round is: the report is fetched anew whenever the coordinator says that it
 * changed, and put in place, so that focus and what is opened stay. Does nothing for a settled round.
 */
export function useLiveRound(initial: FetchedRound): LiveRound & { readonly mode: FollowMode } {
  const [live, change] = useReducer(changed, { ...initial, tails: new Map(), said: '' });
  // What a page was drawn from never changes; what comes later is in `live`.
  const [first] = useState(initial);
  const [mode, setMode] = useState<FollowMode>(isSettled(first) ? 'over' : 'starting');
  useEffect(() => {
    const { round } = first.report;
    if (round === null || isSettled(first)) return undefined;
    const follower = new RoundFollower(round.round, first, BROWSER, {
      event: change,
      fetched: (fetched) => {
        change({ kind: 'fetched', ...fetched });
      },
      mode: setMode,
    });
    follower.start();
    return () => {
      follower.stop();
    };
  }, [first]);
  return { ...live, mode };
}

const BROWSER: FollowerDoors = {
  openEvents: (url) => new EventSource(url),
  every: (ms, call) => {
    const timer = setInterval(call, ms);
    return () => {
      clearInterval(timer);
    };
  },
  get: async (path) => {
    const response = await fetch(path);
    return response.ok ? ((await response.json()) as unknown) : null;
  },
};

function changed(live: LiveRound, change: Change): LiveRound {
  switch (change.kind) {
    case 'fetched':
      return withFetched(live, change);
    case 'progress':
      return withProgress(live, change);
    case 'log':
      return withLog(live, change);
    case 'changed':
    case 'final':
      return live;
  }
}

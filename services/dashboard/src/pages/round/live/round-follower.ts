import type { RoundEvent } from '#libs/contracts';
import { followRound, type FeedDoors, type FeedMode } from './round-feed.js';
import type { FetchedRound } from './live-round.js';
import { mayBeExplained, RoundLoader, type GetJson } from './round-loader.js';

/** What a follower needs of the browser. */
export interface FollowerDoors extends FeedDoors {
  readonly get: GetJson;
}

/** What a follower tells; `explaining` while a final round's split is still being looked into. */
export interface FollowerListener {
  readonly event: (event: RoundEvent) => void;
  readonly fetched: (fetched: FetchedRound) => void;
  readonly mode: (mode: FollowMode) => void;
}
export type FollowMode = FeedMode | 'explaining';

const EXPLAINING_POLL_MS = 5_000;
/** Builders may be away for days: after ten minutes the reader may reload. */
const MOST_EXPLAINING_POLLS = 120;

/** Tells whether a round will not become another one: final, and its split, if any, looked into. */
export function isSettled({ report, explanation }: FetchedRound): boolean {
  if (report.round === null) return true;
  if (report.round.phase !== 'final') return false;
  return explanation?.isComplete === true || !mayBeExplained(report);
}

/** Follows a round from where it is until it is settled. */
export class RoundFollower {
  private readonly loader: RoundLoader;
  private stopFeed: (() => void) | null = null;
  private stopPolling: (() => void) | null = null;

  constructor(
    private readonly round: string,
    private readonly first: FetchedRound,
    private readonly doors: FollowerDoors,
    private readonly listener: FollowerListener,
  ) {
    this.loader = new RoundLoader(round, first, doors.get, (fetched) => {
      listener.fetched(fetched);
      if (fetched.report.round?.phase === 'final') this.becomeFinal(fetched);
    });
  }

  start(): void {
    if (this.first.report.round?.phase === 'final') {
      this.becomeFinal(this.first);
      return;
    }
    this.stopFeed = followRound(this.round, this.doors, {
      event: (event) => {
        this.listener.event(event);
        if (event.kind === 'changed' || event.kind === 'final') this.loader.load();
      },
      poll: () => {
        this.loader.load();
      },
      mode: this.listener.mode,
    });
  }

  stop(): void {
    this.loader.stop();
    this.stopFeed?.();
    this.stopPolling?.();
  }

  private becomeFinal(fetched: FetchedRound): void {
    this.stopFeed?.();
    this.stopFeed = null;
    if (isSettled(fetched)) {
      this.settle();
    } else if (this.stopPolling === null) {
      this.listener.mode('explaining');
      let left = MOST_EXPLAINING_POLLS;
      this.stopPolling = this.doors.every(EXPLAINING_POLL_MS, () => {
        left -= 1;
        if (left < 0) this.settle();
        else this.loader.load();
      });
    }
  }

  private settle(): void {
    this.stopPolling?.();
    this.listener.mode('over');
  }
}

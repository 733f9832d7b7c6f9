import type {
  AttestationList,
  Report,
  RoundExplanation,
  RoundGroups,
  RoundLogs,
} from '#libs/contracts';
import { roundNeeds } from '../round-needs.js';
import type { FetchedRound } from './live-round.js';

/** Gives what the API answers to a path; null where it answers anything but 200. */
export type GetJson = (path: string) => Promise<unknown>;

/** Fetches a round, one request at a time: what is asked meanwhile is asked once more afterwards. */
export class RoundLoader {
  private isLoading = false;
  private isWanted = false;
  private isStopped = false;

  constructor(
    private readonly round: string,
    /** As the page came: what it was not given of the list and the logs is not to be had. */
    private readonly first: FetchedRound,
    private readonly get: GetJson,
    private readonly done: (fetched: FetchedRound) => void,
  ) {}

  load(): void {
    this.isWanted = true;
    if (!this.isLoading) void this.loadWanted();
  }

  stop(): void {
    this.isStopped = true;
  }

  private isOver(): boolean {
    return this.isStopped;
  }

  private async loadWanted(): Promise<void> {
    this.isLoading = true;
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      const fetched = await this.fetchRound();
      // Stopped in the meantime: whoever listened is gone.
      if (fetched !== null && !this.isOver()) this.done(fetched);
    }
    this.isLoading = false;
  }

  /** Gives null where the round could not be had: what is shown stays, and the next event asks again. */
  private async fetchRound(): Promise<FetchedRound | null> {
    const { report: place, explanation, entries, logs, roundGroups } = roundNeeds(this.round);
    try {
      const report = (await this.get(place.path)) as Report | null;
      if (report === null) return null;
      // What is not there is not asked for: every 404 stands in the console as if something was wrong.
      const [why, listed, built, grouped] = await Promise.all([
        mayBeExplained(report) ? this.get(explanation.path) : null,
        this.first.entries === null ? null : this.get(entries.path),
        this.first.logs === null ? null : this.get(logs.path),
        this.first.groups === null ? null : this.get(roundGroups.path),
      ]);
      return {
        report,
        explanation: why as RoundExplanation | null,
        entries: listed as AttestationList | null,
        logs: built as RoundLogs | null,
        groups: grouped as RoundGroups | null,
      };
    } catch {
      return null;
    }
  }
}

/** Whether a round is one of which there is anything to be explained. */
export function mayBeExplained({ round, artifacts }: Report): boolean {
  return round?.phase === 'final' && artifacts.some(({ clusters }) => clusters.length > 1);
}

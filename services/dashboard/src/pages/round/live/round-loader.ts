import type { AttestationList, Report, RoundExplanation, RoundLogs } from '#libs/contracts';
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
    const needs = roundNeeds(this.round);
    try {
      const [report, explanation, entries, logs] = await Promise.all(
        [needs.report, needs.explanation, needs.entries, needs.logs].map(({ path }) =>
          this.get(path),
        ),
      );
      if (report === null || report === undefined) return null;
      return {
        report: report as Report,
        explanation: (explanation ?? null) as RoundExplanation | null,
        entries: (entries ?? null) as AttestationList | null,
        logs: (logs ?? null) as RoundLogs | null,
      };
    } catch {
      return null;
    }
  }
}

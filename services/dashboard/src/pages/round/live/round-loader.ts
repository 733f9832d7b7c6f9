import type { Report, RoundAttestations, RoundExplanation } from '#libs/contracts';
import type { LiveRound } from './live-round.js';

/** What is fetched of a round. */
export type Fetched = Pick<LiveRound, 'report' | 'explanation' | 'attestations'>;

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
    private readonly done: (fetched: Fetched) => void,
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
  private async fetchRound(): Promise<Fetched | null> {
    const base = `/v1/rounds/${encodeURIComponent(this.round)}`;
    try {
      const [report, explanation, attestations] = await Promise.all(
        ['report', 'explanation', 'attestations'].map((what) => this.get(`${base}/${what}`)),
      );
      if (report === null || report === undefined) return null;
      return {
        report: report as Report,
        explanation: (explanation ?? null) as RoundExplanation | null,
        attestations: (attestations ?? null) as RoundAttestations | null,
      };
    } catch {
      return null;
    }
  }
}

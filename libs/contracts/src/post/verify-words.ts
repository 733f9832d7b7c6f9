import type { Report } from '../report/report.js';
import type { Permalinks } from './permalinks.js';

/** How a reader checks a round without believing anybody here. */
export interface VerifyWords {
  readonly sentence: string;
  /** Commands for a shell, one a line. */
  readonly commands: readonly string[];
}

/** Says how to verify what a report tells; null where there is no round to verify. */
export function verifyWords({ round, proposal }: Report, links: Permalinks): VerifyWords | null {
  if (round === null) return null;
  const own = proposal !== null && /^\d{1,20}$/.test(proposal.id);
  const rebuild = own ? [`repro-quorum check -p ${proposal.id}`] : [];
  if (round.phase !== 'final') {
    return {
      sentence: 'The round is not decided yet; its evidence is one file once it is.',
      commands: rebuild,
    };
  }
  return {
    sentence: `Every result is signed by its builder and logged. The commands count them anew by operators of your own choice${own ? ', and rebuild on a machine of your own' : ''}; the page of the round verifies in the browser.`,
    commands: [
      `curl -fsSo round.jsonl ${links.bundle(round.round)}`,
      'repro-quorum verify round.jsonl --policy policy.yaml',
      ...rebuild,
    ],
  };
}

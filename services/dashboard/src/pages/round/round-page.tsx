import type { ReactNode } from 'react';
import { Clusters } from './clusters/clusters.js';
import { Contents } from './contents.js';
import { Downloads } from './downloads/downloads.js';
import { Groups } from './groups/groups.js';
import { Hashes } from './hashes/hashes.js';
import { LiveStatus } from './live/live-status.js';
import { LogTails } from './live/log-tails.js';
import type { FetchedRound } from './live/live-round.js';
import { useLiveRound } from './live/use-live-round.js';
import { Matrix } from './matrix/matrix.js';
import { PostPanel } from './post/post-panel.js';
import { Sentence } from './sentence/sentence.js';
import { BuildLogs } from './timeline/build-logs.js';
import { OtherRounds } from './timeline/other-rounds.js';
import { Timeline } from './timeline/timeline.js';
import { TrustPanel } from './trust/trust-panel.js';
import { VerifyPanel } from './verify/verify-panel.js';
import { Why } from './why/why.js';

/** What the page of a round is drawn from. */
export interface RoundPageProps extends FetchedRound {
  /** Address of this coordinator without a path, for permalinks. */
  readonly origin: string;
  /** Path and query of the page; the query keeps the trust set. */
  readonly url: string;
  /** The moment for which the page is drawn. */
  readonly now: Date;
}

/** A round: what a voter has to know first, then what an engineer asks. */
export function RoundPage(props: RoundPageProps): ReactNode {
  const { origin, url, now } = props;
  const { report, explanation, entries, logs, groups, tails, said, mode } = useLiveRound(props);
  return (
    <>
      <Sentence report={report} now={now} />
      <LiveStatus mode={mode} said={said} />
      <Contents report={report} explanation={explanation} />
      <Matrix report={report} />
      <Clusters report={report} />
      <Hashes report={report} />
      <Groups groups={groups} />
      <Why report={report} explanation={explanation} origin={origin} />
      <LogTails report={report} tails={tails} />
      <Timeline report={report} entries={entries} />
      <BuildLogs report={report} logs={logs} />
      <OtherRounds report={report} />
      <TrustPanel report={report} url={url} />
      <VerifyPanel report={report} origin={origin} />
      <PostPanel report={report} origin={origin} />
      <Downloads report={report} />
    </>
  );
}

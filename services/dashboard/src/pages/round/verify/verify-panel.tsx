import type { ReactNode } from 'react';
import type { Report } from '#libs/contracts';
import { Command } from '../../../components/command.js';
import { Section } from '../../../components/section.js';
import { useIsLive } from '../../../components/use-is-live.js';
import { VerifyHere } from './verify-here.js';

/** Which round is verified, and where it is fetched from. */
export interface VerifyPanelProps {
  readonly report: Report;
  /** Address of this coordinator without a path. */
  readonly origin: string;
}

/** Verifies the round's evidence in the browser, and tells how to do it without this page. */
export function VerifyPanel({ report, origin }: VerifyPanelProps): ReactNode {
  const { round } = report;
  const isLive = useIsLive();
  if (round === null) return null;
  if (round.phase !== 'final') {
    return (
      <Section id="verify" title="Verify it yourself">
        <p>There is nothing to verify yet: the evidence is whole once the round is decided.</p>
      </Section>
    );
  }
  return (
    <Section id="verify" title="Verify it yourself">
      <p>
        This page is the coordinator’s word. The evidence is one file, which needs no word of
        anybody: signatures, proofs of inclusion and the counting are verified by a policy that
        names whom you trust and the key of the log as you have it from elsewhere.
      </p>
      {isLive && (
        <>
          <h3>In this browser</h3>
          <p>
            Counts those whom you trust in <a href="#trust">the form above</a>; which builders are
            theirs is what this page says. The code that verifies came from this coordinator, too:
            who doubts it uses the command line, which comes from elsewhere.
          </p>
          <VerifyHere report={report} round={round.round} />
        </>
      )}
      <h3>On the command line</h3>
      <p>By a program and a policy of your own, without a network:</p>
      <Command text={commandsFor(origin, round.round)} what="commands to verify this round" />
    </Section>
  );
}

function commandsFor(origin: string, round: string): string {
  return [
    `curl -fsS ${origin}/v1/rounds/${round}/bundle -o round.jsonl`,
    'repro-quorum verify round.jsonl --policy policy.yaml',
  ].join('\n');
}

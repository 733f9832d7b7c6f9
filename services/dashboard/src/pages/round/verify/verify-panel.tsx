import type { ReactNode } from 'react';
import type { Report } from '#libs/contracts';
import { Command } from '../../../components/command.js';
import { Section } from '../../../components/section.js';

/** Which round is verified, and where it is fetched from. */
export interface VerifyPanelProps {
  readonly report: Report;
  /** Address of this coordinator without a path. */
  readonly origin: string;
}

/** Tells how to verify the round's evidence on a machine of one's own; a page could only vouch for itself. */
export function VerifyPanel({ report: { round }, origin }: VerifyPanelProps): ReactNode {
  if (round?.phase !== 'final') return null;
  return (
    <Section id="verify" title="Verify it yourself">
      <p>
        This page is the coordinator’s word. The evidence is one file, which needs no word of
        anybody: signatures, proofs of inclusion and the counting are verified without a network, by
        a policy that names whom you trust and the key of the log as you have it from elsewhere.
      </p>
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

import type { ReactNode } from 'react';
import { plain, type Report } from '#libs/contracts';
import { Countdown } from '../../components/countdown.js';
import { Digest } from '../../components/digest.js';
import { Facts } from '../../components/facts.js';

const SHOWN = 50;

/** What the certified proposal says. Addresses are told, never linked: they are the proposer's. */
export function ProposalFacts(props: { readonly report: Report; readonly now: Date }): ReactNode {
  const { proposal, release, deployment } = props.report;
  if (proposal === null) return null;
  return (
    <Facts
      rows={[
        [
          'Voting',
          proposal.deadlineAt !== null && (
            <Countdown until={proposal.deadlineAt} now={props.now} what="ends" whatThen="ended" />
          ),
        ],
        ['Release', release !== null && <code>{plain(release.name)}</code>],
        ['Deploys', deployment !== null && <code>{plain(deployment.commit)}</code>],
        ['NNS function', proposal.nnsFunction],
        [
          'Payload',
          proposal.payloadSha256 !== null && (
            <Digest value={proposal.payloadSha256} what="digest of the payload" />
          ),
        ],
        ['Package addresses', proposal.urls.length > 0 && <TextList texts={proposal.urls} />],
        [
          'Removes versions',
          proposal.unelects.length > 0 && <TextList texts={proposal.unelects} />,
        ],
        [
          'Proof',
          <a key="evidence" href={`/v1/proposals/${proposal.id}/evidence`}>
            raw payload and the certificate that proves it
          </a>,
        ],
      ]}
    />
  );
}

function TextList({ texts }: { readonly texts: readonly string[] }): ReactNode {
  return (
    <ul className="plain-list">
      {texts.slice(0, SHOWN).map((text, at) => (
        <li key={at}>
          <code>{plain(text, 300)}</code>
        </li>
      ))}
      {texts.length > SHOWN && <li>and {texts.length - SHOWN} more</li>}
    </ul>
  );
}

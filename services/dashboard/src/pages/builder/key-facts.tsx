import type { ReactNode } from 'react';
import type { BuilderKeys } from '#libs/contracts';
import { Digest } from '../../components/digest.js';
import { Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { State } from '../../components/state.js';

/** The keys that a builder has now, how they stand, and where the log says so. */
export function KeyFacts({ keys }: { readonly keys: BuilderKeys }): ReactNode {
  const { revocation } = keys;
  return (
    <Facts
      rows={[
        [
          'State',
          <State key="state" tone={keys.state === 'active' ? 'good' : 'bad'}>
            {keys.state}
          </State>,
        ],
        [
          'Attestation key',
          <Digest key="key" value={keys.keys.attestation} what="attestation key" isWhole />,
        ],
        [
          'Witness key',
          <Digest key="witness" value={keys.keys.witness} what="witness key" isWhole />,
        ],
        [
          'Valid',
          <span key="valid">
            <Moment at={keys.validFrom} /> to <Moment at={keys.validUntil} />
          </span>,
        ],
        ['Logged at', keys.history.map((index) => `#${index}`).join(', ')],
        [
          'Revoked',
          revocation !== null && (
            <span>
              {revocation.reason}, since <Moment at={revocation.since} />, log entry #
              {revocation.logIndex}
            </span>
          ),
        ],
      ]}
    />
  );
}

import type { ReactNode } from 'react';
import { plain, type LoggedAttestation } from '#libs/contracts';
import { Command } from '../../components/command.js';
import { Digest } from '../../components/digest.js';
import { Facts } from '../../components/facts.js';
import { Section } from '../../components/section.js';
import { useIsLive } from '../../components/use-is-live.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { checkCommands } from './check-commands.js';
import { readPayload } from './read-payload.js';
import { VerifyEntry } from './verify-entry.js';

/** One signed statement: what it says, its receipt, and how to check both. */
export function AttestationPage({ route, data }: PageProps): ReactNode {
  const attestation = bodyOf(data, 'attestation');
  const isLive = useIsLive();
  if (attestation === null) return null;
  const sha256 = route.params['sha256'] ?? '';
  const { index, kind, builder, proof } = attestation;
  const permalink = `${data.origin}/attestations/${sha256}`;
  return (
    <>
      <h1>
        Log entry #{index}: {kind}
      </h1>
      <Facts
        rows={[
          [
            'Envelope',
            <Digest key="digest" value={sha256} what="digest of the envelope" isWhole />,
          ],
          [
            'Signed by',
            builder === null ? (
              'the coordinator, or an operator'
            ) : (
              <a key="builder" href={`/builders/${builder}`}>
                <code>{plain(builder, 80)}</code>
              </a>
            ),
          ],
          ['Permalink', <Digest key="link" value={permalink} what="permalink" isWhole />],
          [
            'As JSON',
            <a key="json" href={`/v1/attestations/${sha256}`}>
              envelope and receipt
            </a>,
          ],
        ]}
      />
      <Statement attestation={attestation} />
      <Section id="receipt" title="Receipt">
        {proof === null ? (
          <p>The checkpoint that has it is being signed: load the page anew in a moment.</p>
        ) : (
          <>
            <p>
              A proof that this envelope is in the log, under a checkpoint that its witnesses
              cosigned.
            </p>
            <Command text={proof.slice(0, 60_000)} what="receipt" />
          </>
        )}
      </Section>
      <Section id="check" title="Check it yourself">
        {isLive && (
          <>
            <h3>In this browser</h3>
            <p>By code that came from this coordinator: who doubts it takes the commands below.</p>
            <VerifyEntry sha256={sha256} />
          </>
        )}
        <h3>With openssl</h3>
        <p>The signature, with nothing of this project but the key:</p>
        <Command
          text={checkCommands(data.origin, sha256, builder)}
          what="commands that check the signature"
        />
        <h3>On the command line</h3>
        <p>All of a decided round, with proofs, cosignatures and the verdict recounted:</p>
        <Command
          text={`curl -fsS ${data.origin}/v1/rounds/ROUND/bundle > round.jsonl\nrepro-quorum verify round.jsonl --policy policy.yaml`}
          what="commands that verify a round"
        />
      </Section>
    </>
  );
}

function Statement({ attestation }: { readonly attestation: LoggedAttestation }): ReactNode {
  const { text, isWhole, predicateType } = readPayload(attestation.envelope.payload);
  return (
    <Section id="statement" title="What it says">
      {predicateType !== null && (
        <p>
          <code>{plain(predicateType)}</code>
        </p>
      )}
      {!isWhole && <p>This is its beginning; the whole of it is in the JSON above.</p>}
      <Command text={text} what="statement" />
    </Section>
  );
}

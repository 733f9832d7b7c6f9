import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import { Command } from '../../components/command.js';
import { Digest } from '../../components/digest.js';
import { Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { Pager } from '../../components/pager.js';
import { Section } from '../../components/section.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { EntryTable } from './entry-table.js';
import { readCheckpoint, type ReadCheckpoint } from './read-checkpoint.js';

/** The transparency log: how long it is, who vouches for that, what is in it, and how to pin it. */
export function LogPage({ data }: PageProps): ReactNode {
  const note = bodyOf(data, 'checkpoint');
  const checkpoint = note === null ? null : readCheckpoint(note);
  const entries = bodyOf(data, 'entries');
  const key = plain((bodyOf(data, 'key') ?? '').trim(), 400);
  return (
    <>
      <h1>Transparency log</h1>
      <p>
        Everything that counts is in one append-only log. Nothing in it can be changed or left out
        later without its witnesses seeing it.
      </p>
      <Section id="checkpoint" title="Newest checkpoint">
        {checkpoint === null ? (
          <p>Nothing has been logged yet.</p>
        ) : (
          <Head checkpoint={checkpoint} />
        )}
        {note !== null && (
          <details>
            <summary>The signed note as it is</summary>
            <Command text={note.slice(0, 20_000)} what="signed note" />
          </details>
        )}
      </Section>
      {entries !== null && (
        <Section id="entries" title="Entries, newest first">
          {entries.attestations.length === 0 ? (
            <p>There are none.</p>
          ) : (
            <EntryTable entries={entries} />
          )}
          <Pager what="entries" url={data.url} cursor="before" next={entries.next} />
        </Section>
      )}
      <Section id="pin" title="Pin it">
        <p>
          Keep this key, from here or from somebody whom you trust. Whatever this log signs is
          checked by it; a policy for <code>repro-quorum verify</code> names it under{' '}
          <code>log</code>.
        </p>
        <Command text={key} what="verifier key of the log" />
        <Command
          text={`curl -fsS ${data.origin}/v1/log/key\ncurl -fsS ${data.origin}/v1/log/checkpoint`}
          what="commands that fetch key and checkpoint"
        />
      </Section>
    </>
  );
}

function Head({ checkpoint }: { readonly checkpoint: ReadCheckpoint }): ReactNode {
  const { origin, size, root, signers } = checkpoint;
  return (
    <>
      <Facts
        rows={[
          ['Log', <code key="origin">{plain(origin)}</code>],
          ['Entries', plain(size, 20)],
          ['Root', <Digest key="root" value={plain(root, 64)} what="root of the tree" isWhole />],
        ]}
      />
      <h3>Signed by</h3>
      <ul className="rows">
        {signers.map(({ name, at }) => (
          <li key={name}>
            <code>{plain(name, 100)}</code>{' '}
            {at === null ? (
              <span className="quiet">the log itself</span>
            ) : (
              <span className="quiet">
                a witness, <Moment at={at} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

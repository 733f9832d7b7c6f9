import { useState, type ReactNode } from 'react';
import { DISCORD_CHARACTERS, membersOf, plain, postMarkdown, postPlain } from '#libs/contracts';
import type { Report } from '#libs/contracts';
import { CopyButton } from '../../../components/copy-button.js';
import { Section } from '../../../components/section.js';
import { useIsLive } from '../../../components/use-is-live.js';
import './post.css';

/** What is to be posted, and where the page stands. */
export interface PostPanelProps {
  readonly report: Report;
  /** Address of this coordinator without a path, for permalinks. */
  readonly origin: string;
}

const MEMBERS_LISTED = 100;

/** Texts about the round to copy: for a forum, for a chat, for one member. */
export function PostPanel({ report, origin }: PostPanelProps): ReactNode {
  const [chosen, setChosen] = useState('');
  const isLive = useIsLive();
  if (report.round === null) return null;
  const members = membersOf(report).slice(0, MEMBERS_LISTED);
  // Another report may have come meanwhile, of a round that was amended.
  const member = members.includes(chosen) ? chosen : undefined;
  const options = { origin, member };
  return (
    <Section id="post" title="Post it">
      {isLive && (
        <p>
          <label>
            Whose post:{' '}
            <select
              value={member ?? ''}
              onChange={(event) => {
                setChosen(event.target.value);
              }}
            >
              <option value="">the group’s</option>
              {members.map((name) => (
                <option key={name} value={name}>
                  {plain(name, 60)}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      <Text name="For a forum, as Markdown" text={postMarkdown(report, options)} rows={12} />
      <Text
        name="For a chat, as plain text that fits into one message"
        text={postPlain(report, { ...options, limit: DISCORD_CHARACTERS })}
        rows={6}
      />
      <PostLinks round={report.round.round} members={members} />
    </Section>
  );
}

function Text(props: {
  readonly name: string;
  readonly text: string;
  readonly rows: number;
}): ReactNode {
  const { name, text, rows } = props;
  return (
    <div className="post">
      <label>
        <span className="post-name">{name}</span>
        <textarea className="post-text" readOnly rows={rows} value={text} spellCheck={false} />
      </label>
      <CopyButton text={text} what={`the post: ${name}`} />
    </div>
  );
}

/** The same texts by address: for scripts, and for readers without any. */
function PostLinks(props: {
  readonly round: string;
  readonly members: readonly string[];
}): ReactNode {
  const base = `/v1/rounds/${props.round}/post`;
  return (
    <details>
      <summary>The same as files, also of each member</summary>
      <ul>
        <li>
          The group’s: <a href={`${base}.md`}>Markdown</a>, <a href={`${base}.txt`}>plain text</a>
        </li>
        {props.members.map((name) => {
          const query = new URLSearchParams({ member: name }).toString();
          return (
            <li key={name}>
              {plain(name, 60)}: <a href={`${base}.md?${query}`}>Markdown</a>,{' '}
              <a href={`${base}.txt?${query}`}>plain text</a>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

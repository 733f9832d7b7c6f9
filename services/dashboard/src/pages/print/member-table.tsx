import type { ReactNode } from 'react';
import {
  memberReviewOf,
  outcomeWords,
  permalinksOf,
  plain,
  timelinessWords,
  titleOf,
} from '#libs/contracts';
import type { MemberReview, Report } from '#libs/contracts';
import { Scroll } from '../../components/scroll.js';

/** One row a member: what it built, and when; one line a builder. */
export function MemberTable(props: {
  readonly report: Report;
  readonly members: readonly string[];
  readonly origin: string;
}): ReactNode {
  const { report, members, origin } = props;
  const reviews = members.flatMap((member) => memberReviewOf(report, member) ?? []);
  if (reviews.length === 0) return <p>Nobody was asked.</p>;
  return (
    <Scroll label="Members">
      <table>
        <thead>
          <tr>
            <th scope="col">Member</th>
            <th scope="col">Came to</th>
            <th scope="col">Builders and their signed results</th>
          </tr>
        </thead>
        <tbody>
          {reviews.map((review) => (
            <tr key={review.member}>
              <th scope="row">{plain(review.member, 60)}</th>
              <td>
                <Results review={review} />
              </td>
              <td>
                <Builders review={review} origin={origin} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Results({ review }: { readonly review: MemberReview }): ReactNode {
  return review.artifacts.map((one) => (
    <p key={one.artifact.name}>
      {plain(titleOf(one.artifact.name))}
      {one.artifact.elected && ' (elected)'}: {words(review.member, one)}
    </p>
  ));
}

/** On paper a member is spoken of; in its own post it speaks. */
function words(member: string, one: MemberReview['artifacts'][number]): string {
  return one.outcome === 'contradicts-itself'
    ? `${plain(member, 60)} contradicts itself`
    : outcomeWords(one);
}

function Builders(props: { readonly review: MemberReview; readonly origin: string }): ReactNode {
  const links = permalinksOf(props.origin);
  return props.review.builders.map(({ builder, timeliness }) => (
    <p key={builder.builder}>
      <code>{plain(builder.builder, 80)}</code>: {builder.state}
      {timeliness === null
        ? builder.finishedAt !== null && `, finished at ${plain(builder.finishedAt, 40)}`
        : `, ${plain(timelinessWords(timeliness), 300)}`}
      {builder.attestation !== null && (
        <>
          <br />
          {links.attestation(builder.attestation)}
        </>
      )}
    </p>
  ));
}

import { plain } from '../report/plain.js';
import type { ArtifactReport } from '../report/verdict.js';
import { describe, shortDigest, titleOf } from '../report/wording.js';
import type { News, NewsArtifact } from './news.js';
import { seatsOf, type DecidedBefore, type NewsSeat, type RoundMoment } from './round-moment.js';

const SUMMARY_LIMIT = 1000;
const MOST_LISTED = 20;
const MOST_PROPOSALS = 100;

/** Tells what is new when a round came from one moment to a later one; from nothing, when it was opened. */
export function newsBetween(before: RoundMoment | null, after: RoundMoment): readonly News[] {
  const news: News[] = [];
  if (before === null) news.push(opened(after));
  if ((before === null || before.phase === 'open') && after.phase !== 'open') {
    news.push(...after.missing.map((seat) => late(seat, after)));
  }
  if (before?.phase !== 'final' && after.phase === 'final') news.push(...decided(after));
  return news;
}

function opened({ facts, at }: RoundMoment): News {
  const { roster, threshold, closesAt } = facts;
  const builders = seatsOf(facts).length;
  const summary = `${subjectOf(facts)}a round was opened: ${roster.length} operators were asked, ${threshold} have to agree.`;
  return {
    type: 'round.opened',
    timestamp: at,
    data: { ...aboutOf(facts, summary), operators: roster.length, builders, threshold, closesAt },
  };
}

function late({ builder, operator }: NewsSeat, { facts, at }: RoundMoment): News {
  const summary = `${subjectOf(facts)}${operator} is late: the round was closed without its builder ${builder.slice(0, 11)}.`;
  return {
    type: 'builder.late',
    timestamp: at,
    data: { ...aboutOf(facts, summary), operator: plain(operator), builder },
  };
}

function decided(moment: RoundMoment): readonly News[] {
  const { facts, at, artifacts, headline } = moment;
  const differing = artifacts.filter(isDivergent);
  const asked = facts.roster.length;
  const news: News[] = [
    {
      type: 'verdict.reached',
      timestamp: at,
      data: { ...aboutOf(facts, headline), artifacts: artifacts.map(newsArtifact) },
    },
  ];
  if (moment.before !== null && changedNames(moment.before, artifacts).length > 0) {
    news.push(changed(moment, moment.before));
  }
  if (differing.length > 0) {
    const what = differing.map((each) => `${titleOf(each.name)} ${describe(each, asked)}`);
    const summary = `${subjectOf(facts)}${what.join('; ')}.`;
    news.push({
      type: 'divergence.found',
      timestamp: at,
      data: { ...aboutOf(facts, summary), artifacts: differing.map(newsArtifact) },
    });
  }
  return news;
}

function changed({ facts, at, artifacts, proposals }: RoundMoment, before: DecidedBefore): News {
  const words = changedNames(before, artifacts).map(
    ({ name, from, to }) => `${titleOf(name)} ${from} before, ${to} now`,
  );
  const summary = `${subjectOf(facts)}decided otherwise than in round ${shortDigest(before.round)}: ${words.join('; ')}.`;
  return {
    type: 'verdict.changed',
    timestamp: at,
    data: {
      ...aboutOf(facts, summary),
      artifacts: artifacts.map(({ name, verdict }) => ({ name, verdict })),
      before: {
        round: before.round,
        artifacts: before.artifacts.map(({ name, verdict }) => ({ name, verdict })),
      },
      proposals: proposals.slice(0, MOST_PROPOSALS),
    },
  };
}

/** Artifacts of which both rounds speak, and not in the same word. */
function changedNames(
  before: DecidedBefore,
  artifacts: readonly ArtifactReport[],
): readonly { readonly name: string; readonly from: string; readonly to: string }[] {
  const earlier = new Map(before.artifacts.map(({ name, verdict }) => [name, verdict]));
  return artifacts.flatMap(({ name, verdict: to }) => {
    const from = earlier.get(name);
    return from === undefined || from === to ? [] : [{ name, from, to }];
  });
}

/** Whether builders got different bytes, or others than were expected. */
export function isDivergent({ verdict }: Pick<ArtifactReport, 'verdict'>): boolean {
  return verdict === 'split' || verdict === 'contradicted';
}

/** What of an artifact's verdict is sent: whoever wants all of it fetches the report. */
function newsArtifact(artifact: ArtifactReport): NewsArtifact {
  const { name, elected, verdict, expected, flags, clusters } = artifact;
  return {
    ...{ name, elected, verdict, expected, flags },
    clusters: clusters.slice(0, MOST_LISTED).map(({ digest, matchesExpected, operators }) => ({
      ...{ digest, matchesExpected, operatorCount: operators.length },
      operators: operators.slice(0, MOST_LISTED).map((operator) => plain(operator)),
    })),
  };
}

/** What every piece of news about a round has. */
export function aboutOf(
  { round, release, proposal }: RoundMoment['facts'],
  summary: string,
): Pick<News['data'], 'summary' | 'proposal' | 'release'> & { round: string } {
  return { summary: plain(summary, SUMMARY_LIMIT), round, release: plain(release), proposal };
}

/** How a sentence about a round begins. */
export function subjectOf({ proposal, release }: RoundMoment['facts']): string {
  return proposal === null ? `${plain(release)}: ` : `Proposal ${proposal.id}: `;
}

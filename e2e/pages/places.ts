import type { Place } from './look-at.js';
import type { PlayedStory } from './played-story.js';

/** All pages that there are, by the names of their pictures. */
export const PAGES = [
  ...[
    'rounds',
    'round',
    'print',
    'review',
    'proposal',
    'builders',
    'builder',
    'log',
    'attestation',
  ],
  ...['build-log', 'groups', 'group', 'problem', 'nowhere'],
] as const;

/** Finds where a page of a story stands. @throws Error for a name that is none of {@link PAGES} */
export function placeOf(name: string, { stack, played }: PlayedStory): Place {
  const { round, proposal, builders } = played.report;
  const [builder] = builders;
  const roundPath = `/rounds/${round?.round ?? ''}`;
  const places: Readonly<Record<string, Place>> = {
    rounds: { url: '/' },
    round: { url: roundPath },
    print: { url: `${roundPath}/print` },
    review: { url: `${roundPath}/print?member=${builder?.operator ?? ''}` },
    proposal: { url: `/proposals/${proposal?.id ?? ''}` },
    builders: { url: '/builders' },
    builder: { url: `/builders/${builder?.builder ?? ''}` },
    log: { url: '/log' },
    attestation: { url: `/attestations/${builder?.attestation ?? ''}` },
    'build-log': { url: `/v1${roundPath}/logs/${builder?.builder ?? ''}`, isText: true },
    groups: { url: '/groups' },
    group: { url: '/groups/north' },
    problem: { url: `/rounds/${'00'.repeat(32)}`, status: 404 },
    nowhere: { url: '/nowhere', status: 404 },
  };
  const place = places[name];
  if (place === undefined) throw new Error(`there is no page ${name}`);
  return { ...place, url: `${stack.coordinator.url}${place.url}` };
}

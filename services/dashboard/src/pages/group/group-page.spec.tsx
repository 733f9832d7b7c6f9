import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { Group, GroupReport, GroupRounds } from '#libs/contracts';
import type { PageData } from '../../page-data.js';
import { GroupPage } from './group-page.js';
import { GroupsPage } from './groups-page.js';

const HOSTILE = '<script>alert(1)</script>\u202e';
const north: Group = {
  ...{ group: 'north', name: 'North', members: ['alice', 'bob', 'zoe'], threshold: '2/3' },
  ...{ about: null, updatedAt: '2026-01-01T00:00:00.000Z' },
};
const said: GroupReport = {
  ...{ group: 'north', name: 'North', definition: 'round', threshold: '2/3', needed: 2 },
  members: [
    {
      ...{ operator: 'alice', attendance: 'attested' },
      ...{ attestedAt: '2026-01-02T00:00:00.000Z', isBeforeDeadline: true },
    },
    {
      ...{ operator: 'bob', attendance: 'attested' },
      ...{ attestedAt: '2026-01-09T00:00:00.000Z', isBeforeDeadline: false },
    },
    { operator: 'zoe', attendance: 'not-asked', attestedAt: null, isBeforeDeadline: null },
  ],
  headline: 'Proposal 138000: GuestOS, which this proposal elects: reproduced by 2 of 3.',
  artifacts: [],
};

function draw(page: typeof GroupPage, answers: Readonly<Record<string, unknown>>): string {
  const data: PageData = {
    ...{ url: '/groups/north', origin: 'https://quorum.example', now: '2026-01-10T00:00:00.000Z' },
    answers: Object.fromEntries(
      Object.entries(answers).map(([name, body]) => [name, { status: 200, body }]),
    ),
  };
  const Page = page;
  const route = { page: 'group', params: {}, needs: {} } as const;
  return renderToString(<Page route={route} data={data} now={new Date(data.now)} />).replaceAll(
    '<!-- -->',
    '',
  );
}

function rounds(report: GroupReport): GroupRounds {
  const round = 'a'.repeat(64);
  return {
    rounds: [
      {
        ...{ round, release: 'ic/1', proposal: '138000', phase: 'final', report },
        ...{ openedAt: '2026-01-01T12:00:00.000Z', deadlineAt: '2026-01-05T00:00:00.000Z' },
      },
    ],
    next: null,
  };
}

describe('a group’s page', () => {
  test('tells what each round came to for it, and who was there in time', () => {
    const page = draw(GroupPage, { group: north, groupRounds: rounds(said) });
    expect(page).toContain(said.headline);
    const rows = [...page.matchAll(/<tr><th scope="row">(.*?)<\/tr>/g)].map(([, row]) =>
      row?.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '),
    );
    expect(rows).toEqual([
      expect.stringMatching(/^alice .*attested.*before it ended/),
      expect.stringMatching(/^bob .*attested.*after it had ended/),
      expect.stringMatching(/^zoe .*not asked.*– –/),
    ]);
  });

  test('says so where no round was opened for it', () => {
    const page = draw(GroupPage, { group: north, groupRounds: { rounds: [], next: null } });
    expect(page).toContain('No round was opened for this group yet');
  });

  test('shows what others wrote as text, and leads to no address that a browser would run', () => {
    const group = { ...north, name: HOSTILE, members: [HOSTILE], about: 'javascript:alert(1)' };
    const members = said.members.map((member) => ({ ...member, operator: HOSTILE }));
    for (const page of [
      draw(GroupPage, { group, groupRounds: rounds({ ...said, name: HOSTILE, members }) }),
      draw(GroupsPage, { groups: { groups: [group] } }),
    ]) {
      expect(page).not.toMatch(/<script|\u202e|href="javascript/);
    }
  });
});

import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { operatorsOf, type Report } from '#libs/contracts';
import { withBuilt } from '../../../../../../libs/contracts/src/report/built.fixture.js';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { TrustPanel } from './trust-panel.js';

const split = withBuilt(seedSplit());
const everybody = operatorsOf(split.builders).map(({ operator }) => operator);

function draw(query: string, report: Report = split): string {
  return renderToString(<TrustPanel report={report} url={`/rounds/x${query}`} />).replaceAll(
    '<!-- -->',
    '',
  );
}

const checked = (page: string): readonly string[] =>
  [...page.matchAll(/<input type="checkbox"[^>]*>/g)]
    .map(([input]) => input)
    .filter((input) => input.includes('checked=""'))
    .map((input) => /value="([^"]*)"/.exec(input)?.[1] ?? '');

describe('the trust set editor', () => {
  test('begins with everybody whom the round asked, and says what the round says', () => {
    const page = draw('');
    expect(checked(page)).toEqual(everybody);
    expect(page).toContain('nothing else comes out than for the round');
  });

  test('works without scripts: the address names whom one trusts, and the page is recounted', () => {
    const [first = '', second = ''] = everybody;
    const page = draw(`?trust=${first}&trust=${second}&threshold=2`);
    expect(checked(page)).toEqual([first, second]);
    expect(page).toContain('2 of 2 trusted operators have to agree');
    expect(page).toMatch(/<form[^>]* method="get"/);
    expect(page).toContain('<button type="submit">Recount</button>');
  });

  test.each([
    ['too few have to agree', '?threshold=1', 'at least 2 have to agree'],
    ['nobody is chosen', '?trust=&threshold=3/5', 'Nobody is chosen'],
    ['somebody was never asked', '?trust=mallory', 'did not ask'],
    ['the threshold is none', '?threshold=x', 'is not a threshold'],
    ['the threshold has no sense', '?threshold=0/0', 'is not a threshold'],
    ['the threshold is beyond all numbers', '?threshold=999999999999', 'is not a threshold'],
    ['the threshold is hostile', '?threshold=<script>', 'is not a threshold'],
    ['more have to agree than there are', '?threshold=6', 'have to agree'],
  ])('says in words why nothing can be counted: %s', (_why, query, words) => {
    expect(draw(query)).toContain(words);
  });

  test('has nobody checked where the address says so, and everybody where it says nothing', () => {
    expect(checked(draw('?trust=&threshold=3/5'))).toEqual([]);
    expect(checked(draw('?threshold=3/5'))).toEqual(everybody);
    expect(draw('')).toContain('<input type="hidden" name="trust" value=""/>');
  });

  test('is not there in a round that gives no verdict', () => {
    const round = split.round;
    if (round === null) throw new Error('the fixture has a round');
    const calibration = { round: 'a'.repeat(64), builder: 'b' };
    expect(draw('', { ...split, round: { ...round, calibration } })).toBe('');
  });

  test('shows names as text, and sends them as they are', () => {
    const name = '"><script>alert(1)</script>\u202e';
    const builders = split.builders.map((one) => ({ ...one, operator: name }));
    const page = draw('', { ...split, builders });
    expect(page).not.toContain('<script');
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;');
  });
});

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { explained } from '../../../../../libs/contracts/src/report/explanation.fixture.js';
import { RoundPage } from './round-page.js';

const page = renderToStaticMarkup(
  <RoundPage
    report={explained()}
    explanation={null}
    entries={null}
    logs={null}
    groups={null}
    origin="https://quorum.example"
    url="/rounds/x"
    now={new Date('2026-01-02T09:00:00Z')}
  />,
);

test('a page without scripts has all of it, in the order in which people ask', () => {
  const parts = ['matrix', 'clusters', 'hashes', 'why', 'timeline', 'post', 'downloads'];
  const places = ['<h1>', ...parts.map((id) => ` id="${id}"`)].map((text) => page.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('it has no style of its own, which the content security policy would refuse', () => {
  expect(page).not.toMatch(/ style="| onclick=|<script|<style/);
});

test('every part that is named at the top is there, by scripts or without', () => {
  const named = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id ?? '');
  expect(named.length).toBeGreaterThan(5);
  for (const id of named) expect(page).toContain(` id="${id}"`);
});

test('every id is there once', () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

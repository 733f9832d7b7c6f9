import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportHtml } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { eventually, SPEC_ORIGIN, useQuorum } from '#libs/testing';
import { Config } from '../../../services/coordinator/src/config.js';
import { startCoordinator } from '../../../services/coordinator/src/coordinator.js';
import { loadPages } from '../../../services/coordinator/src/pages/built-pages.js';
import { NO_BROWSER, openBrowser, type PageBrowser, type WatchedPage } from '../browser.js';
import { expectNoOverflow } from '../expectations.js';
import { GROUP, joinHostile, playHostile, PROPOSAL } from './hostile-round.js';
import { IS_OWNED, NAME, UNSAFE } from './texts.js';

const SHOWN = 'document.body.innerText';
const MOST_SHOWN = 400_000;

const isReady = NO_BROWSER === null && (await loadPages()) !== null;
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, doom: 1 },
  environment: { LOG_ORIGIN: SPEC_ORIGIN },
});
let browser: PageBrowser;
/** One window for all of them: none leaves anything behind. */
let window: WatchedPage;
let round = '';
let joined = '';

/** Addresses of what shows texts of strangers, by what it is. */
async function addressOf(place: string): Promise<string> {
  const { builders } = await quorum().api.report(round);
  const [builder] = builders;
  const paths: Readonly<Record<string, string>> = {
    rounds: '/',
    round: `/rounds/${round}`,
    print: `/rounds/${round}/print`,
    review: `/rounds/${round}/print?member=${encodeURIComponent(NAME)}`,
    proposal: `/proposals/${PROPOSAL}`,
    builders: '/builders',
    builder: `/builders/${builder?.builder ?? ''}`,
    'a builder of a hostile name': `/builders/${joined}`,
    log: '/log',
    attestation: `/attestations/${builder?.attestation ?? ''}`,
    groups: '/groups',
    group: `/groups/${GROUP}`,
    'build log': `/v1/rounds/${round}/logs/${builder?.builder ?? ''}`,
    Markdown: `/v1/rounds/${round}/post.md`,
    'plain text': `/v1/rounds/${round}/post.txt`,
    feed: '/feeds/all.atom',
    'feed of a group': `/feeds/groups/${GROUP}.atom`,
    'feed of a builder': `/feeds/builders/${builder?.builder ?? ''}.atom`,
    'badge of a round': `/badges/rounds/${round}.svg`,
    'badge of a proposal': `/badges/proposals/${PROPOSAL}.svg`,
  };
  return `${quorum().api.url}${paths[place] ?? place}`;
}

describe.skipIf(!isReady)(`hostile texts (${NO_BROWSER ?? 'with pages as they are built'})`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
    window = await browser.page(320, 'light');
    [round, joined] = await Promise.all([playHostile(quorum()), joinHostile(quorum)]);
  });
  afterAll(() => browser.close());

  test.for([
    ...['rounds', 'round', 'print', 'review', 'proposal', 'builders', 'builder'],
    ...['a builder of a hostile name', 'log', 'attestation', 'groups', 'group'],
  ])('%s shows them as text, and nothing of them is obeyed', async (place) => {
    const { page, faults } = window;
    const response = await page.goto(await addressOf(place));
    expect(response?.status()).toBe(200);
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    expect(await page.evaluate(IS_OWNED)).toBe(false);
    const text = await page.evaluate<string>(SHOWN);
    expect(text).not.toMatch(UNSAFE);
    expect(text.length).toBeLessThan(MOST_SHOWN);
    await expectNoOverflow(page);
    expect(faults).toEqual([]);
  });

  test.for(['Markdown', 'plain text', 'build log'])(
    '%s is never taken for markup by a browser that is led there',
    async (place) => {
      const { page, faults } = window;
      const response = await page.goto(await addressOf(place));
      expect(response?.headers()['content-type']).toMatch(
        /^text\/(plain|markdown); charset=utf-8$/,
      );
      expect(response?.headers()['x-content-type-options']).toBe('nosniff');
      expect(await page.evaluate(IS_OWNED)).toBe(false);
      expect(await response?.text()).not.toMatch(UNSAFE);
      expect(faults).toEqual([]);
    },
  );

  test.for([
    'feed',
    'feed of a group',
    'feed of a builder',
    'badge of a round',
    'badge of a proposal',
  ])('%s is whole XML that holds no script and loads nothing', async (place) => {
    const address = await addressOf(place);
    const xml = await eventually(
      `${place} with something in it`,
      async () => (await fetch(address)).text(),
      (text) => /<entry>|<svg/.test(text),
    );
    expect(xml).not.toMatch(UNSAFE);
    expect(xml.length).toBeLessThan(MOST_SHOWN);
    const { page, faults } = window;
    await page.goto(`${quorum().api.url}/log`);
    const found = await page.evaluate<readonly string[]>(`(() => {
        const parsed = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml');
        return [...parsed.querySelectorAll('parsererror, script, img, image, foreignObject')].map((one) => one.tagName);
      })()`);
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('a report as a file for a browser shows them as text, under a policy of its own', async () => {
    const { api, directory } = quorum();
    const path = join(directory, 'report.html');
    await writeFile(path, reportHtml(await api.report(round), { origin: api.url }));
    const { page, faults } = window;
    await page.goto(pathToFileURL(path).href);
    expect(await page.evaluate(IS_OWNED)).toBe(false);
    const text = await page.evaluate<string>(SHOWN);
    expect(text).toContain('</script><img');
    expect(text).not.toMatch(UNSAFE);
    await expectNoOverflow(page);
    expect(faults).toEqual([]);
  });

  test('what is wrong with them is what is read', async () => {
    const { page } = window;
    const html = await (await fetch(await addressOf('round'))).text();
    expect(html).toContain('&lt;/script&gt;&lt;img');
    await page.goto(await addressOf('a builder of a hostile name'));
    expect(await page.locator('h1').innerText()).toContain('</script><img');
    await page.goto(await addressOf('group'));
    expect(await page.locator('h1').innerText()).toContain('</script><img');
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    await page.goto(await addressOf('proposal'));
    expect(await page.locator('q').innerText()).toContain('</script><img');
  });
});

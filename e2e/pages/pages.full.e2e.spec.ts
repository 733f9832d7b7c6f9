import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_BROWSER, openBrowser, type PageBrowser } from './browser.js';
import { expectOutlines } from './expectations.js';
import { FIRST_BUTTON, loadFirst } from './first-load.js';
import { lookAt, openLooks, type Look } from './look-at.js';
import { PAGES, placeOf } from './places.js';
import { makeGroup, openForGroup, playStory, type PlayedStory } from './played-story.js';

const MAX_BYTES = 200_000;
const PATIENCE_MS = 240_000;

let browser: PageBrowser;
let looks: readonly Look[] = [];
let story: PlayedStory;

const urlOf = (name: string): string => placeOf(name, story).url;

describe.skipIf(NO_BROWSER !== null)(`pages (${NO_BROWSER ?? 'Chromium'})`, () => {
  beforeAll(async () => {
    [browser, story] = await Promise.all([openBrowser(), playStory()]);
    looks = await openLooks(browser);
    await openForGroup(story, await makeGroup(story));
  }, PATIENCE_MS);
  afterAll(async () => {
    await Promise.all([browser.close(), story.end()]);
  });

  test.for(PAGES)(
    '%s: at both widths and in both schemes nothing overflows, fails or is hard to get at',
    async (name) => {
      await lookAt(looks, name, placeOf(name, story));
    },
  );

  test('without scripts every verdict is there in words', async () => {
    const { page } = await browser.page(1280, 'light', { scripts: false });
    for (const name of ['rounds', 'round', 'proposal']) {
      await page.goto(urlOf(name));
      const text = await page.locator('main').innerText();
      expect(text).toContain(story.played.report.headline);
      if (name !== 'rounds') expect(text).toContain('split');
    }
    await page.context().close();
  });

  test('a first load has at most 200 kB compressed, and its buttons can be pressed', async () => {
    const { bytes } = await loadFirst(browser, urlOf('round'));
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  test('the keyboard gets past the navigation, and everywhere with a focus that is seen', async () => {
    const { page } = await browser.page(1280, 'light');
    await page.goto(urlOf('round'), { waitUntil: 'load' });
    await page.locator(FIRST_BUTTON).first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    expect(await expectOutlines(page, 40)).toBeGreaterThan(10);
    await page.context().close();
  });

  test('a digest is copied whole', async () => {
    const { page } = await browser.page(1280, 'light');
    await page.goto(urlOf('attestation'), { waitUntil: 'load' });
    await page.getByRole('button', { name: 'Copy digest of the envelope' }).click();
    await page.getByText('Copied').waitFor();
    const [builder] = story.played.report.builders;
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(builder?.attestation);
    await page.context().close();
  });

  test('what is not there is told in words', async () => {
    const { page } = await browser.page(320, 'dark');
    await page.goto(urlOf('problem'));
    expect(await page.locator('h1').innerText()).toBe('This is not here');
    await page.context().close();
  });

  test('a member prints its own review, which is chosen by an address', async () => {
    const { page } = await browser.page(1280, 'light', { scripts: false });
    await page.goto(urlOf('print'));
    const [builder] = story.played.report.builders;
    const whose = page.getByRole('navigation', { name: 'Whose print view' });
    await whose.getByRole('link', { name: builder?.operator ?? '', exact: true }).click();
    expect(page.url()).toBe(urlOf('review'));
    expect(await page.locator('h1').innerText()).toMatch(/^My review of proposal \d+: /);
    await page.emulateMedia({ media: 'print' });
    expect(await whose.isVisible()).toBe(false);
    await page.context().close();
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScenario, SILENT, type Played } from '../scenarios/run-scenario.js';
import { findScenario } from '../scenarios/scenarios.js';
import type { Stack } from '../stack/stack.js';
import { NO_BROWSER, openBrowser, type PageBrowser } from './browser.js';
import { FIRST_BUTTON, loadFirst } from './first-load.js';
import { lookAt } from './look-at.js';

const MAX_BYTES = 200_000;
/** What has the focus, and how that is seen. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return ['', 'end'];
  return [element.outerHTML.slice(0, 300), getComputedStyle(element).outlineStyle];
})()`;

let browser: PageBrowser;
let origin = '';
let played: Played;
let end: () => void = () => undefined;
let over: Promise<unknown> = Promise.resolve();

/** Plays the split of the story, and keeps its stack until the tests are over. */
async function playStory(): Promise<void> {
  const scenario = findScenario('seed-split');
  if (scenario === undefined) throw new Error('there is no story to be played');
  await new Promise<void>((resolve, reject) => {
    over = runScenario(scenario, SILENT, async (stack: Stack, what: Played) => {
      origin = stack.coordinator.url;
      played = what;
      resolve();
      await new Promise<void>((finish) => {
        end = finish;
      });
    });
    over.catch(reject);
  });
}

/** Addresses of all pages of the story, by the names of their pictures. */
function places(): Readonly<Record<string, string>> {
  const { round, proposal, builders } = played.report;
  const [builder] = builders;
  return {
    rounds: '/',
    round: `/rounds/${round?.round ?? ''}`,
    proposal: `/proposals/${proposal?.id ?? ''}`,
    builders: '/builders',
    builder: `/builders/${builder?.builder ?? ''}`,
    log: '/log',
    attestation: `/attestations/${builder?.attestation ?? ''}`,
    nowhere: '/rounds',
  };
}

describe.skipIf(NO_BROWSER !== null)(`pages (${NO_BROWSER ?? 'Chromium'})`, () => {
  beforeAll(async () => {
    [browser] = await Promise.all([openBrowser(), playStory()]);
  });
  afterAll(async () => {
    end();
    await Promise.all([browser.close(), over]);
  });

  test.for(['rounds', 'round', 'proposal', 'builders', 'builder', 'log', 'attestation'])(
    '%s: at both widths and in both schemes nothing overflows, fails or is hard to get at',
    async (name) => {
      await lookAt(browser, `${origin}${places()[name] ?? ''}`, name);
    },
  );

  test('without scripts every verdict is there in words', async () => {
    const { page } = await browser.page(1280, 'light', { scripts: false });
    for (const name of ['rounds', 'round', 'proposal']) {
      await page.goto(`${origin}${places()[name] ?? ''}`);
      const text = await page.locator('main').innerText();
      expect(text).toContain(played.report.headline);
      if (name !== 'rounds') expect(text).toContain('split');
    }
    await page.context().close();
  });

  test('a first load has at most 200 kB compressed, and its buttons can be pressed', async () => {
    const { bytes } = await loadFirst(browser, `${origin}${places()['round'] ?? ''}`);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  test('the keyboard gets past the navigation, and everywhere with a focus that is seen', async () => {
    const { page } = await browser.page(1280, 'light');
    await page.goto(`${origin}${places()['round'] ?? ''}`, { waitUntil: 'load' });
    await page.locator(FIRST_BUTTON).first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    const seen = new Set<string>();
    for (let steps = 0; steps < 40; steps += 1) {
      await page.keyboard.press('Tab');
      const [what, outline] = await page.evaluate<[string, string]>(FOCUSED);
      if (outline === 'end') break;
      expect([what, outline]).not.toEqual([what, 'none']);
      seen.add(what);
    }
    expect(seen.size).toBeGreaterThan(10);
    await page.context().close();
  });

  test('a digest is copied whole', async () => {
    const { page } = await browser.page(1280, 'light');
    await page.goto(`${origin}${places()['attestation'] ?? ''}`, { waitUntil: 'load' });
    await page.getByRole('button', { name: 'Copy digest of the envelope' }).click();
    await page.getByText('Copied').waitFor();
    const [builder] = played.report.builders;
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(builder?.attestation);
    await page.context().close();
  });

  test('what is not there is told in words, with its status', async () => {
    const { page } = await browser.page(320, 'dark');
    const response = await page.goto(`${origin}/rounds/${'00'.repeat(32)}`);
    expect(response?.status()).toBe(404);
    expect(await page.locator('h1').innerText()).toBe('This is not here');
    await page.context().close();
  });
});

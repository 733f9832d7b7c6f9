import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { postMarkdown, type Report } from '#libs/contracts';
import { runScenario, SILENT, stageOf } from '../scenarios/run-scenario.js';
import { findScenario } from '../scenarios/scenarios.js';
import type { Stage } from '../scenarios/scenario.js';
import type { Stack } from '../stack/stack.js';
import { NO_BROWSER, openBrowser, SCHEMES, type PageBrowser } from './browser.js';
import { expectAccessible, expectNoOverflow, screenshot } from './expectations.js';

const PATIENCE_MS = 120_000;
const WHAT_DIFFERS = 'usr/share/ca-certificates/version.txt';
/** A mark in the page's memory, which is gone once the page was loaded anew. */
const MARK = 'window.__mark = 1';
const IS_MARKED = 'window.__mark === 1';
const FOCUSED = 'document.activeElement?.getAttribute("href") ?? ""';

let browser: PageBrowser;

/** Follows the page of a round from its opening, without ever loading it again. */
async function watchLive(page: Page, { stack, round, watch }: Stage): Promise<void> {
  await page.goto(`${stack.coordinator.url}/rounds/${round}`);
  await page.evaluate(MARK);
  const main = page.locator('main');
  await main.getByText('open: results stay sealed until it closes').waitFor();
  await main.getByText('Live: this page follows the round by itself.').waitFor();
  await main.getByText('asked, not begun').first().waitFor();
  // Where a reader is, the page leaves him.
  await page.locator('#matrix ~ * a').first().focus();
  const focused = await page.evaluate<string>(FOCUSED);
  await Promise.all(stack.builders.map((builder) => builder.start()));
  await main
    .getByText(/^building, stage /)
    .first()
    .waitFor({ timeout: PATIENCE_MS });
  await screenshot(page, 'story-live');
  await watch();
  await main.getByText('final, decided').waitFor({ timeout: PATIENCE_MS });
  expect(await page.evaluate<string>(FOCUSED)).toBe(focused);
  expect(await page.evaluate<boolean>(IS_MARKED)).toBe(true);
}

/** Sees how the votes fell, and opens the file that differs. */
async function findWhatDiffers(page: Page): Promise<void> {
  const main = page.locator('main');
  await main.getByText('2 vs 1 vs 1 vs 1').first().waitFor();
  expect(await page.locator('svg[role="img"]').first().innerHTML()).toContain('have to agree');
  const finding = page.locator('details.finding', { hasText: WHAT_DIFFERS }).first();
  await finding.waitFor({ timeout: PATIENCE_MS });
  await finding.locator('summary').click();
  await finding
    .getByText(/2025\.08\.\d+/)
    .first()
    .waitFor();
  await screenshot(page, 'story-difference');
}

/** Copies the post for the forum, as a reader would. */
async function copyPost(page: Page, report: Report, origin: string): Promise<void> {
  const post = page.locator('section', { has: page.locator('#post') }).last();
  await post.getByRole('button', { name: /copy/i }).first().click();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied).toBe(postMarkdown(report, { origin }));
  expect(copied).toContain(report.headline);
}

/** What is folded at first is as easy to get at as the rest, in both schemes. */
async function expectOpenedAccessible(url: string): Promise<void> {
  for (const scheme of SCHEMES) {
    const { page } = await browser.page(320, scheme, { bypassCSP: true });
    await page.goto(url);
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    await expectNoOverflow(page);
    await screenshot(page, `story-opened-320-${scheme}`);
    await expectAccessible(page);
    await page.context().close();
  }
}

async function reportOf(stack: Stack, round: string): Promise<Report> {
  return stageOf(stack, round).until('why it differs', ({ explanations }) =>
    (explanations ?? []).some(({ unseen }) => unseen.length === 0),
  );
}

describe.skipIf(NO_BROWSER !== null)(`the story (${NO_BROWSER ?? 'Chromium'})`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test('a voter watches a round split, an engineer finds the file, a member posts it', async () => {
    const seed = findScenario('seed-split');
    if (seed === undefined) throw new Error('there is no story to be played');
    const { page, faults } = await browser.page(1280, 'light');
    const play = (stage: Stage) => watchLive(page, stage);
    await runScenario({ ...seed, play }, SILENT, async (stack, played) => {
      const round = played.report.round?.round ?? '';
      await findWhatDiffers(page);
      const report = await reportOf(stack, round);
      await copyPost(page, report, stack.coordinator.url);
      await expectOpenedAccessible(`${stack.coordinator.url}/rounds/${round}`);
    });
    expect(faults).toEqual([]);
  });
});

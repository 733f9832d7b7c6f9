import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { toHex } from '#libs/encoding';
import { OpenRoundAnswer, postMarkdown, trustVerdictOf, type Report } from '#libs/contracts';
import { runScenario, SILENT, stageOf } from '../scenarios/run-scenario.js';
import type { Stage } from '../scenarios/scenario.js';
import type { Stack } from '../stack/stack.js';
import { ASKING } from '../stack/token.js';
import { NO_BROWSER, openBrowser, SCHEMES, type PageBrowser } from './browser.js';
import { expectAccessible, expectNoOverflow, screenshot } from './expectations.js';
import { seedSplit } from './played-story.js';
import { TrustEditor } from './trust-editor.js';

const PATIENCE_MS = 120_000;
const STORY_MS = 400_000;
const WHAT_DIFFERS = 'usr/share/ca-certificates/version.txt';
/** What stands or falls with signatures, hashes and certificates alone. */
const PROVEN = [
  'The log signed the checkpoint',
  'Every entry is in the log',
  'Every entry is signed',
  'The NNS certified the proposal',
];
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

/** Trusts two of five alone: another verdict at once, and the same by its address without scripts. */
async function changeTrust(page: Page, report: Report): Promise<void> {
  const operators = report.builders.slice(0, 2).map(({ operator }) => operator);
  const { changed } = trustVerdictOf(report, { operators, threshold: '2' });
  const [other] = changed;
  const editor = new TrustEditor(page);
  await editor.live();
  await editor.choose({ operators, threshold: '2' });
  await editor.outcome.getByText('2 of 2 trusted operators have to agree').waitFor();
  const said = await editor.outcome.innerText();
  expect(said).toContain(`(for the round: ${other?.from ?? 'nothing else'})`);
  expect(editor.kept().getAll('trust')).toEqual(operators);
  expect(editor.kept().get('threshold')).toBe('2');
  await screenshot(page, 'story-trust');
  const { page: plain } = await browser.page(320, 'dark', { scripts: false });
  await plain.goto(page.url());
  const same = new TrustEditor(plain);
  expect(await same.chosen()).toEqual(operators);
  expect(await same.outcome.innerText()).toBe(said);
  await plain.context().close();
}

/** Has the browser verify the round itself, for the operators that are trusted. */
async function verify(page: Page, { world, vkey }: Stack): Promise<void> {
  const form = page.getByRole('form', { name: 'Verify in this browser' });
  await form.getByLabel('The log’s verifier key').fill(vkey);
  await form.getByText('More to ask').click();
  await form.getByLabel('Root key of another network').fill(toHex(world.nns.rootKey));
  await form.getByRole('button', { name: 'Verify in this browser' }).click();
  await page
    .locator('.verify-said', { hasText: /Verified:|The evidence is |Nothing was verified/ })
    .waitFor({ timeout: PATIENCE_MS });
  const said = page.locator('.verify-said .state > span:last-child').first();
  expect(await said.innerText()).toBe('Verified: the policy is satisfied.');
  const steps = page.getByRole('list', { name: 'What was verified' });
  for (const title of PROVEN) {
    expect(await steps.locator('> li', { hasText: title }).innerText()).toContain('holds');
  }
  await screenshot(page, 'story-verified');
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
    const { page } = await browser.page(320, scheme);
    await page.goto(url);
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    await expectNoOverflow(page);
    await screenshot(page, `story-opened-320-${scheme}`);
    await expectAccessible(page);
    await page.context().close();
  }
}

/** In a round that hides nothing, reads the end of a build's log while it is built. */
async function readTail(page: Page, { coordinator }: Stack, { proposal }: Report): Promise<void> {
  const answer = await fetch(`${coordinator.url}/v1/rounds`, {
    method: 'POST',
    headers: ASKING,
    body: JSON.stringify({ proposal: proposal?.id, blind: false }),
  });
  const opened = OpenRoundAnswer.parse(await answer.json());
  if (opened.kind !== 'opened') throw new Error(`no round was opened: ${opened.kind}`);
  await page.goto(`${coordinator.url}/rounds/${opened.round}`);
  await page.locator('details.log-tail > summary').first().click({ timeout: PATIENCE_MS });
  // Another builder may be the first by now: it is the one that was opened that is read.
  const read = page.locator('details.log-tail[open] pre').getByText(/\S/);
  await read.first().waitFor({ timeout: PATIENCE_MS });
  await screenshot(page, 'story-tail');
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

  test(
    'a voter watches a round split, an engineer finds the file, a reader trusts others, a member posts it',
    async () => {
      const { page, faults } = await browser.page(1280, 'light');
      const play = (stage: Stage) => watchLive(page, stage);
      await runScenario({ ...seedSplit(), play }, SILENT, async (stack, played) => {
        const round = played.report.round?.round ?? '';
        await findWhatDiffers(page);
        const report = await reportOf(stack, round);
        await changeTrust(page, report);
        await verify(page, stack);
        await copyPost(page, report, stack.coordinator.url);
        await expectOpenedAccessible(`${stack.coordinator.url}/rounds/${round}`);
        await readTail(page, stack, report);
      });
      expect(faults).toEqual([]);
    },
    STORY_MS,
  );
});

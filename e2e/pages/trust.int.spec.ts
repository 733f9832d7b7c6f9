import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trustVerdictOf } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { makeResult, signCommit, signResult, useQuorum } from '#libs/testing';
import { Config } from '../../services/coordinator/src/config.js';
import { startCoordinator } from '../../services/coordinator/src/coordinator.js';
import { loadPages } from '../../services/coordinator/src/pages/built-pages.js';
import { NO_BROWSER, openBrowser, type PageBrowser, type WatchedPage } from './browser.js';
import { expectNoOverflow } from './expectations.js';
import { EVIL, IS_OWNED, MEGABYTE, UNSAFE } from './hostile/texts.js';
import { TrustEditor } from './trust-editor.js';

const OPERATORS = ['acme', 'bits', 'coop', 'doom', 'east'];
/** More than the server takes as an address is refused before any page is drawn. */
const LONG = MEGABYTE.slice(0, 6000);

const isReady = NO_BROWSER === null && (await loadPages()) !== null;
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: Object.fromEntries(OPERATORS.map((operator) => [operator, 1])),
});
let browser: PageBrowser;
let round = '';

/** Two have built the same, the others each something else. */
async function play(): Promise<string> {
  const { api, builders } = quorum();
  const opened = await api.open({ commit: '0f'.repeat(20), threshold: '3/5' });
  const sealed = await Promise.all(
    builders.map(async (builder, at) => {
      const { open } = await builder.invitation(opened);
      const answered = { round: opened, release: open.release, builder: builder.id };
      const result = signResult(makeResult(answered, `${Math.max(1, at)}`), builder.signer);
      await builder.commit(signCommit(opened, result, builder.signer));
      return { builder, result };
    }),
  );
  await builders[0]?.close(opened);
  for (const { builder, result } of sealed) await builder.reveal(result);
  await api.reportIn('final', opened);
  return opened;
}

/** Opens the round's page at a query; scripts have taken over where there are any. */
async function openEditor(
  query = '',
  scripts = true,
): Promise<WatchedPage & { readonly editor: TrustEditor }> {
  const watched = await browser.page(320, 'light', { scripts });
  const response = await watched.page.goto(`${quorum().api.url}/rounds/${round}${query}`);
  expect(response?.status()).toBe(200);
  const editor = new TrustEditor(watched.page);
  if (scripts) await editor.live();
  return { ...watched, editor };
}

describe.skipIf(!isReady)(`a trust set (${NO_BROWSER ?? 'with pages as they are built'})`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
    round = await play();
  });
  afterAll(() => browser.close());

  test('is changed by the keyboard alone, and the verdict is told anew at each change', async () => {
    const { page, editor, faults } = await openEditor();
    await editor.section.getByRole('checkbox', { name: 'coop' }).focus();
    for (const left of [4, 3, 2]) {
      await page.keyboard.press('Space');
      await editor.section.getByRole('checkbox', { checked: true }).nth(left).waitFor({
        state: 'detached',
      });
      await page.keyboard.press('Tab');
    }
    // Behind the last operator stands the threshold, all of it chosen.
    await page.keyboard.type('2');
    const trusted = { operators: ['acme', 'bits'], threshold: '2' };
    const { changed } = trustVerdictOf(await quorum().api.report(round), trusted);
    expect(changed.length).toBeGreaterThan(0);
    await editor.outcome.getByText('2 of 2 trusted operators have to agree').waitFor();
    expect(await editor.outcome.innerText()).toContain(`(for the round: ${changed[0]!.from})`);
    expect(editor.kept().getAll('trust')).toEqual(trusted.operators);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('of nobody is told as such, and so it is again by its address', async () => {
    const { page, editor } = await openEditor();
    await editor.choose({ operators: [], threshold: '3/5' });
    await editor.outcome.getByText('Nobody is chosen').waitFor();
    const again = await openEditor(new URL(page.url()).search, false);
    expect(await again.editor.chosen()).toEqual([]);
    expect(await again.editor.outcome.innerText()).toContain('Nobody is chosen');
    await Promise.all([page.context().close(), again.page.context().close()]);
  });

  test('is asked for by a form where there are no scripts, also one of nobody', async () => {
    const { page, editor } = await openEditor('', false);
    await editor.choose({ operators: ['acme', 'coop'], threshold: '2' });
    await editor.section.getByRole('button', { name: 'Recount' }).click();
    await page.waitForURL(/threshold=2/);
    expect(await editor.chosen()).toEqual(['acme', 'coop']);
    expect(await editor.outcome.innerText()).toContain('2 of 2 trusted operators');
    await editor.choose({ operators: [], threshold: '2' });
    await editor.section.getByRole('button', { name: 'Recount' }).click();
    await editor.outcome.getByText('Nobody is chosen').waitFor();
    await page.context().close();
  });

  test('whose threshold makes no sense is told so in words, and the page goes on', async () => {
    const { page, editor, faults } = await openEditor();
    for (const nonsense of [
      '0/0',
      '999999999999',
      '<script>',
      '1',
      '6',
      '-1',
      '2/3x',
      '٣',
      '1e9',
    ]) {
      await editor.threshold.fill(nonsense);
      await editor.outcome.locator('.state-failed').waitFor();
      expect(await page.evaluate(IS_OWNED)).toBe(false);
      await editor.threshold.fill('3/5');
      await editor.outcome.getByText('3 of 5 trusted operators have to agree').waitFor();
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test.for([
    ['markup', `?trust=${encodeURIComponent(EVIL)}&threshold=${encodeURIComponent(EVIL)}`],
    ['a long name', `?trust=acme&trust=${encodeURIComponent(LONG)}`],
    ['a thousand names', `?${'trust=acme&'.repeat(1000)}threshold=2`],
    ['what is no text', '?trust=%ff%fe&threshold=%00&trust=%ED%A0%80'],
    ['what objects have', '?trust=__proto__&trust=constructor&threshold=toString'],
  ])('from an address with %s is text, with scripts and without', async ([, query]) => {
    for (const scripts of [true, false]) {
      const { page, faults } = await openEditor(query, scripts);
      expect(await page.evaluate(IS_OWNED)).toBe(false);
      expect(await page.evaluate('document.body.innerText')).not.toMatch(UNSAFE);
      await expectNoOverflow(page);
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });
});

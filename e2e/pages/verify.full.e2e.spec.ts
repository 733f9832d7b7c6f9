import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorsOf, queryOf } from '#libs/contracts';
import { toHex } from '#libs/encoding';
import { formatVkey, parseVkey } from '#libs/tlog';
import { VerifyOutput } from '../../services/cli/src/verify/verify-output.js';
import type { Played } from '../scenarios/run-scenario.js';
import { cli } from '../stack/cli.js';
import type { Stack } from '../stack/stack.js';
import { NO_BROWSER, openBrowser, SCHEMES, WIDTHS, type PageBrowser } from './browser.js';
import { expectAccessible, expectNoOverflow, screenshot } from './expectations.js';
import { playStory, type PlayedStory } from './played-story.js';

const PATIENCE_MS = 120_000;
/** What the page says, by what the command line says. */
const WORDS: Readonly<Record<VerifyOutput['outcome'], string>> = {
  satisfied: 'Verified: the policy is satisfied.',
  'not-satisfied': 'The evidence is good, and the policy is not satisfied.',
  undecided: 'The evidence is good, and nothing could be decided by the policy.',
  'bad-evidence': 'The evidence is bad: nothing rests on it.',
};
const OUTCOME = /Verified:|The evidence is |It does not verify|Nothing was verified/;

let browser: PageBrowser;
let stack: Stack;
let played: Played;
let folder = '';
let story: PlayedStory | undefined;

const roundOf = (): string => played.report.round?.round ?? '';

interface Asked {
  readonly vkey?: string;
  /** Of the page's address: whom the reader trusts. */
  readonly query?: string;
}

/** Verifies on a page as a reader would, and gives the words of the outcome. */
async function verifyOn(
  page: Page,
  { vkey = played.vkey, query = '' }: Asked = {},
): Promise<string> {
  await page.goto(`${stack.coordinator.url}/rounds/${roundOf()}${query}`, { waitUntil: 'load' });
  const form = page.getByRole('form', { name: 'Verify in this browser' });
  await form.getByLabel('The log’s verifier key').fill(vkey);
  await form.getByText('More to ask').click();
  await form.getByLabel('Root key of another network').fill(toHex(stack.world.nns.rootKey));
  await form.getByRole('button', { name: 'Verify in this browser' }).click();
  const said = page.locator('.verify-said', { hasText: OUTCOME });
  await said.waitFor({ timeout: PATIENCE_MS });
  return said.locator('.state > span:last-child').innerText();
}

const stepOf = (page: Page, title: string): Locator =>
  page.getByRole('list', { name: 'What was verified' }).locator('> li', { hasText: title });

/** What the command line says of the same file by the same policy. */
async function verifyByCommand(policy: string): Promise<VerifyOutput> {
  const [bundlePath, policyPath] = [join(folder, 'round.jsonl'), join(folder, 'policy.yaml')];
  const bundle = await fetch(`${stack.coordinator.url}/v1/rounds/${roundOf()}/bundle`);
  await writeFile(bundlePath, Buffer.from(await bundle.arrayBuffer()));
  await writeFile(policyPath, policy);
  const { stdout } = await cli(stack, 'verify', bundlePath, '--policy', policyPath, '--json');
  return VerifyOutput.parse(JSON.parse(stdout));
}

/** Serves the evidence with one character changed. */
async function alter(page: Page, change: (bundle: string) => string): Promise<void> {
  await page.route('**/v1/rounds/*/bundle', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.text()) });
  });
}

/** Changes the character at a place after a mark, to another that may stand there as well. */
function flipped(text: string, mark: string, after: number): string {
  const at = text.lastIndexOf(mark) + mark.length + after;
  const other = text[at] === 'A' ? 'B' : 'A';
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
}

describe.skipIf(NO_BROWSER !== null)(`verifying in ${NO_BROWSER ?? 'Chromium'}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'repro-quorum-verify-'));
    [browser, story] = await Promise.all([openBrowser(), playStory()]);
    ({ stack, played } = story);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), story?.end()]);
    await rm(folder, { recursive: true, force: true });
  });

  test('comes to what the command line comes to, by the same policy: for all, and for two', async () => {
    const [first, second] = operatorsOf(played.report.builders).map(({ operator }) => operator);
    const two = queryOf({ operators: [first ?? '', second ?? ''], threshold: '2' });
    for (const query of ['', `?${two}`]) {
      const { page, faults } = await browser.page(1280, 'light');
      const words = await verifyOn(page, { query });
      await page.getByText('The policy that was applied').click();
      const policy = await page.getByRole('region', { name: 'policy', exact: true }).innerText();
      const said = await verifyByCommand(policy);
      expect(words).toBe(WORDS[said.outcome]);
      expect(said.eligible).toBe(query === '' ? 5 : 2);
      const asked = said.rules.filter(({ rule }) => rule !== 'evidence' && rule !== 'witnesses');
      for (const { rule, isKept, message } of asked) {
        const step = stepOf(page, `Your policy: ${rule}`).filter({ hasText: message }).first();
        expect(await step.innerText()).toContain(isKept ? 'holds' : 'fails');
      }
      expect(await stepOf(page, 'The NNS certified the proposal').innerText()).toContain('holds');
      expect(await stepOf(page, 'Every entry is in the log').innerText()).toContain('holds');
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });

  test('loads nothing of it before it is asked', async () => {
    const { page } = await browser.page(1280, 'light');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(`${stack.coordinator.url}/rounds/${roundOf()}`, { waitUntil: 'load' });
    await page.getByRole('button', { name: 'Verify in this browser' }).waitFor();
    expect(loaded.filter((path) => /worker|bundle$/.test(path))).toEqual([]);
    await verifyOn(page);
    expect(loaded.filter((path) => /worker|bundle$/.test(path))).toHaveLength(2);
    await page.context().close();
  });

  test('by another log key fails at the checkpoint, and nothing is claimed that rests on it', async () => {
    const { page, faults } = await browser.page(1280, 'light');
    const vkey = formatVkey(parseVkey(played.vkey.trim()).name, new Uint8Array(32).fill(9));
    expect(await verifyOn(page, { vkey })).toBe(WORDS['bad-evidence']);
    expect(await stepOf(page, 'The log signed the checkpoint').innerText()).toContain(
      'checkpoint-wrong',
    );
    expect(await stepOf(page, 'Every entry is in the log').innerText()).toContain('not looked at');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test.for([
    ['a statement', '"payload":"', 40, 'Every entry is signed'],
    ['a signature', '"sig":"', 10, 'signature-wrong'],
    ['a proof', '"hashes":["', 5, 'log-inconsistent'],
    ['the checkpoint', '"note":"', 60, 'checkpoint-wrong'],
  ] as const)('one byte of %s that was changed on the way is found', async ([, mark, at, what]) => {
    const { page, faults } = await browser.page(1280, 'light');
    await alter(page, (bundle) => flipped(bundle, mark, at));
    expect(await verifyOn(page)).toBe(WORDS['bad-evidence']);
    const list = page.getByRole('list', { name: 'What was verified' });
    expect(await list.locator('> li', { hasText: 'fails' }).first().innerText()).toContain(what);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('evidence of another round is not taken for this one’s', async () => {
    const { page } = await browser.page(1280, 'light');
    const other = 'ab'.repeat(32);
    await alter(page, (bundle) => bundle.replaceAll(roundOf(), other));
    expect(await verifyOn(page)).toBe(WORDS['bad-evidence']);
    expect(await stepOf(page, 'The file is of this round').innerText()).toContain('fails');
    await page.context().close();
  });

  test('says what to do where it cannot be begun: no key, no answer', async () => {
    const { page } = await browser.page(320, 'light');
    expect(await verifyOn(page, { vkey: '' })).toContain('Nothing was verified');
    await page.route('**/v1/rounds/*/bundle', (route) => route.abort());
    expect(await verifyOn(page)).toContain('Nothing was verified');
    expect(await page.locator('.verify-said').innerText()).toContain('could not be fetched');
    await expectNoOverflow(page);
    await page.context().close();
  });

  test('by the coordinator’s own key it says that this shows only so much', async () => {
    const { page, faults } = await browser.page(1280, 'light');
    await page.goto(`${stack.coordinator.url}/rounds/${roundOf()}`, { waitUntil: 'load' });
    await page.getByRole('button', { name: /own key, for a look/ }).click();
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await page.locator('.verify-said', { hasText: OUTCOME }).waitFor({ timeout: PATIENCE_MS });
    await page.getByText('this shows only that it agrees with itself').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('one entry of the log is verified on its own page, and found out where it was changed', async () => {
    const sha256 = played.report.builders[0]?.attestation ?? '';
    const { page, faults } = await browser.page(320, 'dark');
    const verifyEntry = async (vkey: string): Promise<string> => {
      await page.goto(`${stack.coordinator.url}/attestations/${sha256}`, { waitUntil: 'load' });
      await page.getByLabel('The log’s verifier key').fill(vkey);
      await page.getByRole('button', { name: 'Verify in this browser' }).click();
      const said = page.locator('.verify-said', { hasText: OUTCOME });
      await said.waitFor({ timeout: PATIENCE_MS });
      return said.locator('.state > span:last-child').innerText();
    };
    expect(await verifyEntry(played.vkey)).toBe('Verified: it is signed, and in the log.');
    expect(await stepOf(page, 'It is in the log').innerText()).toContain('holds');
    await expectNoOverflow(page);
    await screenshot(page, 'verify-entry-320-dark');
    const { name } = parseVkey(played.vkey.trim());
    const another = formatVkey(name, new Uint8Array(32).fill(9));
    expect(await verifyEntry(another)).toContain('It does not verify');
    await page.route('**/v1/attestations/*', async (route) => {
      const response = await route.fetch();
      const body = flipped(await response.text(), '"payload":"', 40);
      await route.fulfill({ response, body });
    });
    expect(await verifyEntry(played.vkey)).toContain('It does not verify');
    expect(await stepOf(page, 'It is signed').innerText()).toContain('fails');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('what it shows is easy to get at, at both widths and in both schemes', async () => {
    for (const scheme of SCHEMES) {
      for (const width of WIDTHS) {
        const { page } = await browser.page(width, scheme);
        await verifyOn(page);
        await expectNoOverflow(page);
        await page.locator('#verify').scrollIntoViewIfNeeded();
        await screenshot(page, `verify-${width}-${scheme}`);
        await expectAccessible(page);
        await page.context().close();
      }
    }
  });
});

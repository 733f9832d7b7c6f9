import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LogTailAsked, SUBJECTS, subjectFor } from '#libs/contracts';
import { answerAsBuilder } from '#libs/messaging';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum, type HandBuilder } from '#libs/testing';
import { Config } from '../../services/coordinator/src/config.js';
import { startCoordinator } from '../../services/coordinator/src/coordinator.js';
import { loadPages } from '../../services/coordinator/src/pages/built-pages.js';
import { NO_BROWSER, openBrowser, type PageBrowser } from './browser.js';
import { expectNoOverflow } from './expectations.js';

/** What a build may print; the page shows what follows each of them. */
const EVIL = [
  '<script>document.title = "owned"</script>',
  '<img src=x onerror="document.title=\'owned\'">',
  '\u001b[31mred\u001b[0m',
  '\u202egnp.exe',
  `long ${'x'.repeat(5_000)}`,
];
const SHOWN = [
  '<script>document.title = "owned"</script>',
  '<img src=x onerror="document.title=\'owned\'">',
  'red',
  'gnp.exe',
];
const OWNED = `document.title === 'owned' || document.querySelector('#log-tails ~ * img, pre script') !== null`;

const isReady = NO_BROWSER === null && (await loadPages()) !== null;
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});
let browser: PageBrowser;

/** A build that goes on: whoever asks is told its log, as an agent tells it. */
class Build {
  private log = '';

  constructor(
    private readonly builder: HandBuilder,
    private readonly round: string,
  ) {
    const { nats } = quorum();
    const subscription = nats.subscribe(subjectFor(SUBJECTS.logTail, builder.id), {
      callback: (_, message) => {
        const { fromByte } = LogTailAsked.parse(message.json());
        const bytes = Buffer.from(this.log);
        const from = fromByte ?? 0;
        const text = bytes.toString('utf8', from);
        answerAsBuilder(message, builder.id, { fromByte: from, nextByte: bytes.length, text });
      },
    });
    const telling = setInterval(() => {
      const subject = subjectFor(SUBJECTS.progress, builder.id);
      const said = { round, builder: builder.id, stage: 'build', percent: null, sizeBytes: null };
      nats.publish(subject, JSON.stringify({ pattern: subject, data: said }));
    }, 200);
    onTestFinished(() => {
      clearInterval(telling);
      subscription.unsubscribe();
    });
  }

  /** The build prints lines. */
  print(...lines: readonly string[]): void {
    this.log += lines.map((line) => `${line}\n`).join('');
  }
}

async function begin(blind: boolean): Promise<{ readonly build: Build; readonly round: string }> {
  const commit = (blind ? 'b1' : 'a0').repeat(20);
  const round = await quorum().api.open({ commit, blind });
  return { build: new Build(quorum().builder('acme'), round), round };
}

/** The lines that the page shows of the log, opened as a reader would. */
async function shownLines(page: Page): Promise<readonly string[]> {
  return (await page.locator('.log-tail pre').innerText()).split('\n').filter(Boolean);
}

async function openTail(page: Page): Promise<void> {
  await page.locator('.log-tail summary').click();
}

describe.skipIf(!isReady)(`a log as it goes (${NO_BROWSER ?? 'Chromium'})`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test('goes on after the coordinator was away, without a line twice', async () => {
    const first = await quorum().start();
    const { build, round } = await begin(false);
    const { page } = await browser.page(1280, 'light');
    build.print('line 0', 'line 1');
    await page.goto(`${first.url}/rounds/${round}`);
    await openTail(page);
    const until = (last: string): Promise<readonly string[]> =>
      eventually(
        last,
        () => shownLines(page),
        (lines) => lines.at(-1) === last,
      );
    await until('line 1');
    build.print('line 2');
    expect(await until('line 2')).toEqual(['line 0', 'line 1', 'line 2']);

    const { port } = new URL(first.url);
    await quorum().stop(first);
    build.print('line 3', 'line 4');
    // What was shown stays there to be read.
    expect(await shownLines(page)).toEqual(['line 0', 'line 1', 'line 2']);
    const second = await quorum().start({ PORT: port });
    expect(await until('line 4')).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
    build.print('line 5');
    await until('line 5');
    await page.getByText('Live: this page follows the round by itself.').waitFor();

    // Whoever comes later sees the same.
    const { page: later } = await browser.page(1280, 'light');
    await later.goto(`${second.url}/rounds/${round}`);
    await openTail(later);
    await eventually(
      'the same',
      () => shownLines(later),
      (lines) => lines.length === 6,
    );
    await later.context().close();
    await page.context().close();
    await quorum().stop(second);
  });

  test('is text, whatever a build prints', async () => {
    const { build, round } = await begin(false);
    build.print(...EVIL);
    const { page, faults } = await browser.page(320, 'light');
    await page.goto(`${quorum().api.url}/rounds/${round}`);
    await openTail(page);
    const lines = await eventually(
      'the lines',
      () => shownLines(page),
      (seen) => seen.length === EVIL.length,
    );
    expect(lines.slice(0, -1)).toEqual(SHOWN);
    expect(lines.at(-1)).toMatch(/^long x{900,1000}…?$/);
    expect(lines.join('')).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/);
    expect(await page.evaluate(OWNED)).toBe(false);
    await expectNoOverflow(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('is not shown of a blind round, though the builder would tell it', async () => {
    const { build, round } = await begin(true);
    build.print('a secret until the close');
    const { page } = await browser.page(1280, 'light');
    await page.goto(`${quorum().api.url}/rounds/${round}`);
    await page
      .getByText(/^building, stage /)
      .first()
      .waitFor();
    const open = await begin(false);
    open.build.print('no secret');
    const { page: other } = await browser.page(1280, 'light');
    await other.goto(`${quorum().api.url}/rounds/${open.round}`);
    await other.locator('.log-tail').waitFor();
    expect(await page.locator('.log-tail').count()).toBe(0);
    expect(await page.content()).not.toContain('a secret until the close');
    await page.context().close();
    await other.context().close();
  });
});

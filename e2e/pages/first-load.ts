import type { Page } from 'playwright-core';
import type { PageBrowser } from './browser.js';

/** What can be pressed on a page that is usable: on a round's page the post is copied so. */
export const FIRST_BUTTON = '.copy button';

/** What it took to load a page of which nothing was known. */
export interface FirstLoad {
  /** All answers as they came over the wire, with their headers. */
  readonly bytes: number;
  /** Until the first button could be pressed, milliseconds. */
  readonly usableMs: number;
}

/**
 * Loads a page with nothing cached, until its first button can be pressed and all of it is there.
 * @throws playwright's TimeoutError where no button ever can be
 */
export async function loadFirst(browser: PageBrowser, url: string): Promise<FirstLoad> {
  const { page } = await browser.page(1280, 'light');
  const sizes = watchSizes(page);
  const startMs = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(FIRST_BUTTON).first().waitFor();
  const usableMs = performance.now() - startMs;
  await page.waitForLoadState('load');
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await page.context().close();
  return { bytes, usableMs };
}

function watchSizes(page: Page): readonly Promise<number>[] {
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    sizes.push(
      request
        .sizes()
        .then(
          ({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize,
        ),
    );
  });
  return sizes;
}

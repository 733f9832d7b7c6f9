import { expect } from 'vitest';
import { SCHEMES, WIDTHS, type PageBrowser, type Scheme, type WatchedPage } from './browser.js';
import { expectAccessible, expectNoOverflow, screenshot } from './expectations.js';

/** A page as it is looked at: one window for each width and scheme, used for one address after another. */
export interface Look {
  readonly width: number;
  readonly scheme: Scheme;
  readonly window: WatchedPage;
}

/** Where to look, and what is to be found there. */
export interface Place {
  readonly url: string;
  readonly status?: number;
  /** Whether it is a document of ours; else a text that the browser shows by itself. */
  readonly isText?: boolean;
}

/** Opens a window for every width and scheme. */
export function openLooks(browser: PageBrowser): Promise<readonly Look[]> {
  return Promise.all(
    WIDTHS.flatMap((width) =>
      SCHEMES.map(async (scheme) => ({
        ...{ width, scheme },
        window: await browser.page(width, scheme),
      })),
    ),
  );
}

/**
 * Looks at a page at every width and in both schemes: pictures, nothing wider than the window, no
 * error, nothing that the policy forbade, and nothing serious for axe.
 */
export async function lookAt(looks: readonly Look[], name: string, place: Place): Promise<void> {
  for (const { width, scheme, window } of looks) {
    const { page, faults } = window;
    const before = faults.length;
    const status = place.status ?? 200;
    const response = await page.goto(place.url, { waitUntil: 'load' });
    expect(response?.status()).toBe(status);
    await expectNoOverflow(page);
    await screenshot(page, `${name}-${width}-${scheme}`);
    if (place.isText !== true) await expectAccessible(page);
    // The browser itself complains of a page that is told to be missing.
    const own = faults.slice(before).filter((it) => !it.includes(`with a status of ${status}`));
    expect(own).toEqual([]);
  }
}

import { expect } from 'vitest';
import { SCHEMES, WIDTHS, type PageBrowser } from './browser.js';
import { expectAccessible, expectNoOverflow, screenshot } from './expectations.js';

/**
 * Looks at a page at every width and in both schemes: pictures, nothing wider than the window, no
 * error, nothing that the policy forbade, and nothing serious for axe.
 */
export async function lookAt(browser: PageBrowser, url: string, name: string): Promise<void> {
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      const { page, faults } = await browser.page(width, scheme);
      await page.goto(url, { waitUntil: 'load' });
      await expectNoOverflow(page);
      await screenshot(page, `${name}-${width}-${scheme}`);
      expect(faults).toEqual([]);
      await page.context().close();
    }
  }
  for (const scheme of SCHEMES) {
    const { page } = await browser.page(WIDTHS[0], scheme, { bypassCSP: true });
    await page.goto(url, { waitUntil: 'load' });
    await expectAccessible(page);
    await page.context().close();
  }
}

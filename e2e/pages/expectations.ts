import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { projectRoot } from '../world/project-root.js';

const WIDTHS_OF_PAGE =
  '[document.documentElement.scrollWidth, document.documentElement.clientWidth]';

/** Keeps a picture of the whole page in `out/screenshots`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(projectRoot(), 'out/screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Expects that axe finds nothing serious in a page; open it with `bypassCSP`. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join('\n')}`);
  expect(serious).toEqual([]);
}

/** Expects that the page is not wider than its window; what is wider scrolls inside of it. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const [needed, there] = await page.evaluate<[number, number]>(WIDTHS_OF_PAGE);
  expect(needed).toBeLessThanOrEqual(there);
}

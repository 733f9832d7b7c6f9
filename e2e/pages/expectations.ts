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

/** Expects that axe finds nothing serious in a page. It is put in past the page's policy, which stays. */
export async function expectAccessible(page: Page): Promise<void> {
  // Our pages have no frames: there is no need to gather results in a page of their own.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
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

/** What has the focus, and how that is seen. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return ['', 'end'];
  return [element.outerHTML.slice(0, 300), getComputedStyle(element).outlineStyle];
})()`;

/**
 * Goes on by the keyboard, `steps` times or to the end of the page, and expects that it is seen each
 * time what has the focus. Gives how many things had it.
 */
export async function expectOutlines(page: Page, steps: number): Promise<number> {
  const seen = new Set<string>();
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const [what, outline] = await page.evaluate<[string, string]>(FOCUSED);
    if (outline === 'end') break;
    expect([what, outline]).not.toEqual([what, 'none']);
    seen.add(what);
  }
  return seen.size;
}

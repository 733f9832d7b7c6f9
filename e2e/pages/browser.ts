import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Debian's own. */
const CHROMIUM = '/usr/bin/chromium';
const HEIGHT = 900;
/** What runs in the page is text: this side knows no document. */
const TELL_POLICY = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI);
});`;

/** Widths at which pages are looked at, CSS pixels: a desk and the smallest phone. */
export const WIDTHS = [1280, 320] as const;
export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Why no browser can be had on this machine; null where one can. */
export const NO_BROWSER = existsSync(CHROMIUM)
  ? null
  : `${CHROMIUM} is not there: apt-get install chromium`;

/** How a page is opened. */
export interface PageOptions {
  /** True by default. */
  readonly scripts?: boolean;
}

/** A page that remembers what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and what the page's policy forbade. */
  readonly faults: readonly string[];
}

/** A browser, and pages in it that know nothing of one another. */
export interface PageBrowser {
  page(width: number, scheme: Scheme, options?: PageOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

/** Starts Chromium. @throws Error where it is not installed: ask NO_BROWSER first */
export async function openBrowser(): Promise<PageBrowser> {
  // Root has no sandbox to build, and tests open their own pages alone.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  return {
    page: (width, scheme, options) => openPage(browser, width, scheme, options),
    close: () => browser.close(),
  };
}

async function openPage(
  browser: Browser,
  width: number,
  scheme: Scheme,
  { scripts = true }: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    ...{ viewport: { width, height: HEIGHT }, colorScheme: scheme },
    ...{ javaScriptEnabled: scripts, reducedMotion: 'reduce', timezoneId: 'UTC', locale: 'en' },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.addInitScript({ content: TELL_POLICY });
  return { page, faults };
}

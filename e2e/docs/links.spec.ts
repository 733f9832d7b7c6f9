import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';
import { pages, read } from './pages.js';

/** The anchors that a renderer makes of a page's headings. */
function anchors(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}

function isThere(path: string): boolean {
  return existsSync(join(projectRoot(), path));
}

describe.for(pages())('%s', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, to = '']) => to);

  test('links to pages and headings that are there', () => {
    for (const link of links) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      expect([link, isThere(target)]).toEqual([link, true]);
      if (anchor !== undefined) expect(anchors(target)).toContain(anchor);
    }
  });

  test('names files and folders of the checkout that are there', () => {
    const named = read(page).matchAll(/`((?:libs|services|e2e|docs|deploy|\.ci)\/[\w./-]*\w)`/g);
    for (const [, path = ''] of named) expect([path, isThere(path)]).toEqual([path, true]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../world/project-root.js';

/** Reads a file of the checkout as text. */
export function read(path: string): string {
  return readFileSync(join(projectRoot(), path), 'utf8');
}

/** Lists the files below a folder of the checkout that end in `ending`, by their paths from its root. */
export function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(projectRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(folder, path));
}

/** Lists all pages for readers: those of the root, and those of docs/. */
export function pages(): readonly string[] {
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesBelow('docs', '.md')];
}

/** Gives the fenced blocks of a page that have a name after their language: ```json commit. */
export function namedBlocks(page: string): ReadonlyMap<string, string> {
  const blocks = read(page).matchAll(/^```\w+ ([\w-]+)\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, name = '', text = '']) => [name, text]));
}

/** Gives the rows of all tables of a page, as their cells, without code marks. */
export function rows(page: string): readonly (readonly string[])[] {
  return [...read(page).matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim().replaceAll('`', '')),
  );
}

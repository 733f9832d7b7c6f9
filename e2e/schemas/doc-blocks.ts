import { join } from 'node:path';
import { projectRoot } from '../world/project-root.js';

/** The page that describes the file formats. */
export const FILES_DOC = join(projectRoot(), 'docs/files.md');

/** A fenced block that is named after its language: "```json release.json". */
const BLOCK = /^```([a-z]+) ([\w.-]+)\n([^]*?)^```$/gm;

/** Reads the named blocks of a page: their text by "language name". */
export function blocksOf(page: string): ReadonlyMap<string, string> {
  return new Map(
    [...page.matchAll(BLOCK)].map(([, language = '', name = '', text = '']) => [
      `${language} ${name}`,
      text,
    ]),
  );
}

/** Writes new texts into the named blocks of a page. */
export function withBlocks(page: string, texts: Readonly<Record<string, string>>): string {
  return page.replace(BLOCK, (block, language: string, name: string) => {
    const text = texts[name];
    return text === undefined ? block : `\`\`\`${language} ${name}\n${text}\`\`\``;
  });
}

import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** With `REWRITE_DOCS=1` the tests write what they would otherwise compare. */
const IS_REWRITING = process.env['REWRITE_DOCS'] === '1';

/** Formats a value as the formatter leaves it in the repository. */
export async function prettyJson(value: unknown, path: string): Promise<string> {
  const options = await resolveConfig(path);
  return format(JSON.stringify(value, null, 2), { ...options, parser: 'json' });
}

/** Gives a file's text, after replacing it by what it should be where that was asked for. */
export async function textOf(path: string, expected: (text: string) => string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!IS_REWRITING) return text;
  const next = expected(text);
  if (next !== text) await writeFile(path, next);
  return next;
}

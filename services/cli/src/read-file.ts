import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { docPage } from './doc-page.js';
import { CommandError, EXIT } from './exit.js';
import { fileTrouble } from './file-trouble.js';

const HINT = `${docPage('files')} has the form and an example`;

/**
 * Reads a text file that the user named.
 *
 * @throws CommandError usage
 */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot read ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
}

/**
 * Reads a JSON file by its schema.
 *
 * @throws CommandError usage, with every problem listed
 */
export async function readJson<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const text = await readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(EXIT.usage, `${path} is not JSON: expected ${what}\n${detail}`, HINT, {
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new CommandError(
    EXIT.usage,
    `${path} is not ${what}:\n${z.prettifyError(parsed.error)}`,
    HINT,
  );
}

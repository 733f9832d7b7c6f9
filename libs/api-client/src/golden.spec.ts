import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openApiDocument, OPERATIONS, VERSION } from '#libs/contracts';
import { textOf } from '../../../e2e/schemas/rewritten.js';

const FOLDER = 'libs/api-client/src/golden';
const HEAD = '/** Made of the OpenAPI document; REWRITE_DOCS=1 makes it anew. */\n';
/** What has a default, a request need not say. */
const OPTIONS = { defaultNonNullable: false } as const;
type Source = Exclude<Parameters<typeof openapiTS>[0], string | URL | Buffer>;

/** Lays out one line for each thing at `depth`: what changed is what a diff shows. */
function folded(text: string, depth: number): string {
  const comments = text.replaceAll(
    /\/\*\*.*?\*\/\n\s*/gs,
    (comment) => `${comment.replaceAll(/\s+(?:\* )?/g, ' ').trim()} `,
  );
  const lines: string[] = [];
  for (const line of comments.split('\n')) {
    const spaces = line.length - line.trimStart().length;
    const isInside = spaces > depth || (spaces === depth && line.trim().startsWith('}'));
    if (isInside) lines.push(`${lines.pop() ?? ''} ${line.trim()}`);
    else lines.push(line);
  }
  return lines.join('\n');
}

const Echoing = z.looseObject({
  allOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
});
const Pattern = z.strictObject({ pattern: z.string() });
const Empty = z.object({ const: z.literal('') });

/** Drops what types would only say twice: patterns of a string, and that a string may be empty. */
function withoutEchoes(value: unknown): unknown {
  const { data } = Echoing.safeParse(value);
  if (data === undefined) return value;
  const { allOf, anyOf, ...rest } = data;
  const isOfPatterns = allOf?.every((each) => Pattern.safeParse(each).success) ?? false;
  return {
    ...rest,
    ...(allOf !== undefined && !isOfPatterns && { allOf }),
    ...(anyOf !== undefined && { anyOf: anyOf.filter((each) => !Empty.safeParse(each).success) }),
  };
}

async function expected(): Promise<Readonly<Record<'paths' | 'components', string>>> {
  const told = openApiDocument(OPERATIONS, { version: VERSION });
  const document: unknown = JSON.parse(JSON.stringify(told), (_key, value: unknown) =>
    withoutEchoes(value),
  );
  const text = astToString(await openapiTS(document as Source, OPTIONS));
  const [before = '', rest = ''] = text.split('export interface components {');
  const [inner = '', after = ''] = rest.split(/^\}\n/m, 2);
  const last = rest.slice(inner.length + 2);
  expect(after).not.toBe('');
  return {
    components: `${HEAD}export interface components {${folded(inner, 8)}}\n`,
    paths: `${HEAD}import type { components } from './components.js';\n\n${folded(before, 4)}${folded(last, 4)}`,
  };
}

test.for(['paths', 'components'] as const)(
  'golden/%s.ts is what the schemas say (REWRITE_DOCS=1)',
  async (name) => {
    const { [name]: wanted } = await expected();
    expect(await textOf(`${FOLDER}/${name}.ts`, () => wanted)).toBe(wanted);
  },
);

import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { CAUSES, DIFFERENCE_CLASSES, KNOWN_FAILURES } from '#libs/divergence';
import type { Cause, FailurePattern } from '#libs/divergence';
import { textOf } from '../schemas/rewritten.js';
import { read } from './pages.js';

const PAGE = 'docs/causes.md';

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function traceText({ trace }: Cause): string {
  if (trace === null) return 'none';
  const { classes, aspects, attributes, kinds, seen, unseen, mark, isOfOtherArtifact } = trace;
  return [
    code(classes),
    ...(aspects === undefined ? [] : [`in ${aspects.join(', ')}`]),
    ...(attributes === undefined ? [] : [`of ${code(attributes)}`]),
    ...(kinds === undefined ? [] : [`of ${kinds.join(', ')}`]),
    ...(seen === undefined ? [] : [`showing ${code(seen)}`]),
    ...(unseen === undefined ? [] : [`not showing ${code(unseen)}`]),
    ...(mark === undefined ? [] : [mark.says]),
    ...(isOfOtherArtifact === undefined ? [] : ['of another artifact']),
  ].join(', ');
}

function factsText({ facts, related = [] }: Cause): string {
  const also = related.length === 0 ? [] : [`related: ${code(related)}`];
  return [...(facts.length === 0 ? [] : [code(facts)]), ...also].join('; ') || 'none needed';
}

function toldBy({ line, lineWhere }: FailurePattern): string {
  if (line === null) return 'its class';
  return lineWhere === undefined ? 'a line' : `a line, some only with ${code([lineWhere.fact])}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

const TABLES = {
  Causes: table(
    ['id', 'cause', 'trace', 'facts', 'symptom', 'remedy', 'source'],
    CAUSES.map((cause) => [
      ...[`\`${cause.id}\``, cause.title, traceText(cause), factsText(cause)],
      ...[cause.symptom, cause.remedy, cause.source ?? 'none'],
    ]),
  ),
  'Builds that fail': table(
    ['id', 'classes', 'told by', 'what it is', 'remedy', 'source'],
    KNOWN_FAILURES.map((pattern) => [
      ...[`\`${pattern.id}\``, pattern.classes.length === 0 ? 'any' : code(pattern.classes)],
      ...[toldBy(pattern), pattern.explanation, pattern.remedy, pattern.source ?? 'none'],
    ]),
  ),
} as const;

/** The page with each table replaced by what the data says. */
async function expected(page: string): Promise<string> {
  let text = page;
  for (const [heading, rows] of Object.entries(TABLES)) {
    const section = new RegExp(
      `(^## ${heading}\\n)(.*?)(\\n(?:\\||[A-Z]+$).*?)(?=\\n## |$(?![^]))`,
      'ms',
    );
    text = text.replace(section, (_, head: string, words: string) => `${head}${words}\n${rows}`);
  }
  return format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

describe(PAGE, () => {
  test('has the catalogue and the known failures as they are (REWRITE_DOCS=1)', async () => {
    const wanted = await expected(read(PAGE));
    expect(await textOf(PAGE, () => wanted)).toBe(wanted);
  });

  test('has each of them', () => {
    const page = read(PAGE);
    for (const { id } of [...CAUSES, ...KNOWN_FAILURES]) expect(page).toContain(`| \`${id}\``);
  });
});

test.for(DIFFERENCE_CLASSES)('the kind %s has a row on the page about explaining', (name) => {
  expect(read('docs/explain.md')).toContain(`| \`${name}\``);
});

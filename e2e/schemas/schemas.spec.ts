import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../world/project-root.js';
import { examples } from './examples.js';
import { prettyJson, textOf } from './rewritten.js';
import { publishedSchemas } from './schemas.js';

const FOLDER = join(projectRoot(), 'docs/schemas');
const schemas = publishedSchemas();

describe('docs/schemas', () => {
  test.each(Object.keys(schemas))(
    '%s says what the program reads (REWRITE_DOCS=1)',
    async (file) => {
      const path = join(FOLDER, file);
      const expected = await prettyJson(schemas[file], path);
      expect(await textOf(path, () => expected)).toBe(expected);
    },
  );

  test('has no schema of a format that is gone', () => {
    expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(schemas).toSorted());
  });

  test.each<[schema: string, example: unknown]>([
    ['release', examples['release.json']],
    ['roster', examples['roster.json']],
    ['environment', examples['environment.json']],
    ['envelope', examples['attestation.json']],
    ['envelope', examples['round.json']],
    ['round', (examples['round-open.json'] as { predicate: unknown }).predicate],
    ['tally', examples['tally.json']],
    ['report', examples['report.json']],
  ])('%s accepts the documented example and refuses what is none', (name, example) => {
    const schema = schemas[`${name}.schema.json`];
    const reader = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    expect(reader.safeParse(example).error).toBeUndefined();
    expect(reader.safeParse([example]).success).toBe(false);
    // Any object is an environment.
    expect(reader.safeParse({}).success).toBe(name === 'environment');
  });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PolicyFile } from '#libs/contracts';
import { FINDING_CODES, isDamning, readAuditor, RULES } from '#libs/evidence';
import { publishedSchemas } from '../schemas/schemas.js';
import { projectRoot } from '../world/project-root.js';
import { read, rows } from './pages.js';

const FOLDER = 'docs/examples/policies';

describe.each(readdirSync(join(projectRoot(), FOLDER)))('the example %s', (file) => {
  const policy: unknown = parse(read(`${FOLDER}/${file}`));

  test('is a sound policy', () => {
    expect(readAuditor(PolicyFile.parse(policy)).logKeys).toHaveLength(1);
  });

  test('asks for what a proposal elects: of anything else no digest is expected', () => {
    const { artifacts = [] } = PolicyFile.parse(policy);
    for (const name of artifacts) expect(name).toMatch(/^(?:guestos|hostos)\/update-img$/);
  });

  test('is what the schema says', () => {
    const schema = publishedSchemas()['policy.schema.json'];
    const reader = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    expect(reader.safeParse(policy).error).toBeUndefined();
    expect(reader.safeParse({ ...(policy as object), maxAgeHour: 1 }).success).toBe(false);
  });

  test('is named on the page', () => {
    expect(read('docs/auditor.md')).toContain(`(examples/policies/${file})`);
  });
});

test('the page on auditing names every field of a policy, and every rule', () => {
  const first = rows('docs/auditor.md').map(([name]) => name);
  for (const field of Object.keys(PolicyFile.shape)) expect(first).toContain(field);
  for (const rule of RULES) expect(first).toContain(rule);
});

test('the page on bundles names every finding, and which of them are notices', () => {
  const told = new Map(rows('docs/bundle.md').map(([name = '', says = '']) => [name, says]));
  for (const code of FINDING_CODES) {
    expect([code, told.has(code)]).toEqual([code, true]);
    expect([code, told.get(code)?.startsWith('notice: ')]).toEqual([code, !isDamning({ code })]);
  }
});

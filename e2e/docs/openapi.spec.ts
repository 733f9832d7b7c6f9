import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { openApiDocument, OPERATIONS, PROBLEM_CODES, VERSION } from '#libs/contracts';
import { prettyJson, textOf } from '../schemas/rewritten.js';
import { rows } from './pages.js';

const PATH = 'docs/openapi.json';
const PROTOCOL = 'docs/protocol.md';
const document = openApiDocument(OPERATIONS, { version: VERSION });

test(`${PATH} is what the schemas say (REWRITE_DOCS=1)`, async () => {
  const wanted = await prettyJson(document, PATH);
  expect(await textOf(PATH, () => wanted)).toBe(wanted);
});

test('it is valid by a validator that is not ours', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every reference leads somewhere, and every component is referred to', () => {
  const text = JSON.stringify(document);
  const refs = new Set(
    [...text.matchAll(/"#\/components\/(\w+)\/([\w.-]+)"/g)].map(([ref]) => ref),
  );
  const { schemas, responses } = document['components'] as Record<string, object>;
  const known = [
    ...Object.keys(schemas ?? {}).map((name) => `"#/components/schemas/${name}"`),
    ...Object.keys(responses ?? {}).map((name) => `"#/components/responses/${name}"`),
  ];
  expect([...refs].toSorted()).toEqual(known.toSorted());
});

describe(PROTOCOL, () => {
  test('has a row for each operation, and each of its routes has one', () => {
    const told = rows(PROTOCOL)
      .map(([first = '']) => first)
      // Of pages for people, which are no operations, the table says so.
      .filter((cell) => /^[A-Z]+ \/(?:v1\/|feeds\/|badges\/|healthz|readyz|metrics)/.test(cell))
      .map((cell) => cell.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}'));
    const known = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
    expect({
      [`operations without a row in ${PROTOCOL}`]: known.filter((name) => !told.includes(name)),
      [`rows of ${PROTOCOL} without an operation in libs/contracts/src/api/operations`]:
        told.filter((name) => !known.includes(name)),
    }).toEqual({
      [`operations without a row in ${PROTOCOL}`]: [],
      [`rows of ${PROTOCOL} without an operation in libs/contracts/src/api/operations`]: [],
    });
  });

  test('has each problem with its status, as libs/contracts/src/api/problem-codes.ts has it', () => {
    const told = rows(PROTOCOL).flatMap(([type = '', status = '']) =>
      /^[45]\d\d$/.test(status) ? [[type, Number(status)] as const] : [],
    );
    expect(Object.fromEntries(told)).toEqual(PROBLEM_CODES);
  });
});

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import {
  MEDIA,
  openApiDocument,
  OPERATIONS,
  Problem,
  PROBLEM_BASE,
  PROBLEM_CODES,
  problemsOf,
  VERSION,
  type Operation,
} from '#libs/contracts';
import type { Answered } from './exchange.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
ajv.addSchema(openApiDocument(OPERATIONS, { version: VERSION }), 'api');
const validators = new Map<string, ValidateFunction>();

/** Holds an answer that is no problem against what the document says of it. */
export function expectAnswer({ id, method, path, answers }: Operation, answered: Answered): void {
  const { status, headers, bytes } = answered;
  const told = answers[status];
  const known = Object.keys(answers);
  if (told === undefined) {
    expect([id, status, bytes.toString('utf8', 0, 500)]).toEqual([
      id,
      `one of ${known.join()}`,
      '',
    ]);
    return;
  }
  const type = headers['content-type']?.split(';')[0]?.trim();
  expect([id, status, type]).toEqual([id, status, told.type]);
  if (told.type === undefined) expect(bytes).toHaveLength(0);
  if (told.type !== MEDIA.json || told.schema === undefined) return;
  const body: unknown = JSON.parse(bytes.toString());
  const pointer = [path, method.toLowerCase(), 'responses', `${status}`, 'content', MEDIA.json]
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `api#/paths/${pointer}/schema` });
  validators.set(pointer, validate);
  expect([id, validate(body) ? null : validate.errors]).toEqual([id, null]);
  // By its own schema it says nothing that is not described.
  expect([id, told.schema.parse(body)]).toEqual([id, body]);
}

/** Gives the code of an answer that is a problem, after holding it against RFC 9457 and the table. */
export function codeOf({ status, headers, bytes }: Answered): string {
  const text = bytes.toString();
  const shown = [status, headers['content-type'], text.slice(0, 300)];
  expect([...shown, headers['content-type']?.startsWith('application/problem+json')]).toEqual([
    ...shown,
    true,
  ]);
  const problem = Problem.parse(JSON.parse(text));
  expect(problem.status).toBe(status);
  const code = problem.type.slice(PROBLEM_BASE.length + 1);
  expect([code, (PROBLEM_CODES as Readonly<Record<string, number>>)[code]]).toEqual([code, status]);
  return code;
}

/** Gives the code of a problem that an operation's row has to name. */
export function ownCodeOf(operation: Operation, answered: Answered): string {
  const code = codeOf(answered);
  const named: readonly string[] = problemsOf(operation);
  expect([operation.id, code, named.includes(code)]).toEqual([operation.id, code, true]);
  return code;
}

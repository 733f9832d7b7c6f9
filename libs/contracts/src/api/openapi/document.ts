import { z } from 'zod';
import { Problem } from '../../http/http.js';
import { COMPONENTS } from '../components.js';
import { MEDIA, problemsOf, TAGS, type Answer, type Operation } from '../operation.js';
import type { JsonObject } from './json.js';
import { problemBook, type ProblemBook } from './problem-responses.js';
import { schemaBook, type SchemaBook } from './schema-book.js';

const DESCRIPTION = `Reads are public. What changes something needs an access token with a scope, \
which each operation names, or is decided by the signature in its body. Errors are problems (RFC 9457): the \
last segment of \`type\` is stable. Readers pass over fields that they do not know.`;

const BEARER = `An access token, \`rqt_…\`, in the header \`Authorization: Bearer\`. It has scopes: \
\`rounds\` opens, amends and closes rounds, \`builders\` keeps the registry, \`admin\` makes and ends tokens.`;

/**
 * Describes the API as an OpenAPI 3.1 document, made of the very schemas by which it reads and answers.
 *
 * @param about - version of the software, and the address of the API where it is not the document's own
 * Source: OpenAPI Specification 3.1.0, JSON Schema 2020-12, RFC 9457
 */
export function openApiDocument(
  operations: readonly Operation[],
  { version, url = '/' }: { readonly version: string; readonly url?: string },
): JsonObject {
  const schemas = schemaBook(COMPONENTS);
  const problems = problemBook(schemas.of(Problem, 'output'));
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const item = (paths[operation.path] ??= {});
    item[operation.method.toLowerCase()] = operationOf(operation, schemas, problems);
  }
  const used = new Set(operations.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'repro-quorum',
      version,
      summary: 'Independent rebuilds of IC-OS releases, and the verdict that comes of them',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    tags: Object.entries(TAGS)
      .filter(([name]) => [...used].some((tag) => tag === name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.components(),
      responses: problems.components(),
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: BEARER } },
    },
  };
}

function operationOf(operation: Operation, schemas: SchemaBook, problems: ProblemBook): JsonObject {
  const { id, tag, summary, params, query, headers = {}, body, answers, scope } = operation;
  const parameters = [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', query, schemas),
    ...Object.entries(headers).map(([name, description]) => ({
      ...{ name, in: 'header', description, schema: { type: 'string' } },
    })),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(scope !== undefined && {
      description: `Needs an access token with the scope \`${scope}\`.`,
      security: [{ token: [] }],
    }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: true, content: contentOf(body, schemas) },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, schemas)]),
      ),
      ...problems.of(problemsOf(operation)),
    },
  };
}

function contentOf(body: z.ZodType | 'text', schemas: SchemaBook): JsonObject {
  return body === 'text'
    ? { [MEDIA.text]: { schema: { type: 'string' } } }
    : { [MEDIA.json]: { schema: schemas.of(body, 'input') } };
}

function answerOf({ description, type, schema }: Answer, schemas: SchemaBook): JsonObject {
  if (type === undefined) return { description };
  const told = schema === undefined ? null : schemas.of(schema, 'output');
  return { description, content: { [type]: mediaOf(type, told) } };
}

function mediaOf(type: string, told: JsonObject | null): JsonObject {
  if (type === MEDIA.json) return { schema: told ?? {} };
  if (type === MEDIA.bytes) return { schema: { contentMediaType: type } };
  // What one line or event is, has no place of its own before OpenAPI 3.2.
  return { schema: { type: 'string' }, ...(told !== null && { 'x-item-schema': told }) };
}

function parametersOf(
  place: 'path' | 'query',
  shape: z.ZodObject | undefined,
  schemas: SchemaBook,
): JsonObject[] {
  if (shape === undefined) return [];
  return Object.entries(shape.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const { description, ...schema } = schemas.of(field, 'input');
    return {
      ...{ name, in: place, required: place === 'path' || isRequired(field) },
      ...(description !== undefined && { description }),
      schema,
    };
  });
}

function isRequired(field: z.ZodType): boolean {
  const { optin } = field._zod;
  return optin === undefined;
}

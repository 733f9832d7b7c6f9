import { z } from 'zod';
import type { Json, JsonObject } from './json.js';

const FILE_KEYS: readonly string[] = ['$schema', '$id', '$defs'];
const PREFIX = '#/components/schemas/';

/** Which side of a schema is told: what a request may say, or what an answer says. */
type Side = 'input' | 'output';

/** Schemas of requests and answers, as JSON Schema 2020-12 that refers to named ones. */
export interface SchemaBook {
  /** Tells a schema, by reference where it has a name. */
  of(schema: z.ZodType, side: Side): JsonObject;
  /** Every named schema that was referred to so far, by name. */
  components(): JsonObject;
}

/**
 * Opens a book. A schema that requests and answers have otherwise, such as one with defaults, is told
 * twice, for requests under its name and `Input`.
 *
 * @param names - the schemas that have names
 */
export function schemaBook(names: Readonly<Record<string, z.ZodType>>): SchemaBook {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(names)) registry.add(schema, { id });
  const sides = { input: sideOf(registry, 'input'), output: sideOf(registry, 'output') };
  const apart = partedNames(sides.input, sides.output);
  const used = new Map<string, JsonObject>();

  const nameOf = (id: string, side: Side): string =>
    side === 'input' && apart.has(id) ? `${id}Input` : id;
  const refer = (id: string, side: Side): string => {
    const name = nameOf(id, side);
    const told = sides[side][id];
    if (told !== undefined && !used.has(name)) {
      // Named before it is told: it may refer to itself.
      used.set(name, {});
      used.set(name, rewrite(told, side));
    }
    return `${PREFIX}${name}`;
  };
  const rewrite = <T extends Json>(value: T, side: Side): T =>
    mapRefs(value, (id) => refer(id, side)) as T;

  return {
    of: (schema, side) => {
      const told = z.toJSONSchema(schema, { metadata: registry, io: side, override }) as JsonObject;
      return rewrite(bare(told), side);
    },
    components: () =>
      Object.fromEntries([...used].toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))),
  };
}

function sideOf(
  registry: z.core.$ZodRegistry<{ id: string }>,
  io: Side,
): Readonly<Record<string, JsonObject>> {
  const { schemas } = z.toJSONSchema(registry, { io, override, uri: (id) => `${PREFIX}${id}` });
  const entries = Object.entries(schemas).map(([id, schema]) => [id, bare(schema as JsonObject)]);
  return Object.fromEntries(entries) as Record<string, JsonObject>;
}

/** What a schema says of its own file does not hold inside of a document. */
function bare(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).filter(([key]) => !FILE_KEYS.includes(key));
  return Object.fromEntries(entries);
}

/** Names that differ between the sides, or that refer to one that does. */
function partedNames(
  input: Readonly<Record<string, JsonObject>>,
  output: Readonly<Record<string, JsonObject>>,
): ReadonlySet<string> {
  const ids = Object.keys(output);
  const parted = new Set(
    ids.filter((id) => JSON.stringify(input[id]) !== JSON.stringify(output[id])),
  );
  for (let before = -1; before !== parted.size;) {
    before = parted.size;
    for (const id of ids) {
      if (refsOf(output[id] ?? {}).some((ref) => parted.has(ref))) parted.add(id);
    }
  }
  return parted;
}

function refsOf(value: JsonObject): readonly string[] {
  const found: string[] = [];
  mapRefs(value, (id) => {
    found.push(id);
    return id;
  });
  return found;
}

/** Replaces what references point to; they are the only strings under `$ref`. */
function mapRefs(value: Json, refer: (id: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => mapRefs(item, refer));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const isRef = key === '$ref' && typeof item === 'string';
    return [key, isRef ? refer(item.slice(item.lastIndexOf('/') + 1)) : mapRefs(item, refer)];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** Readers pass over fields that they do not know, and a format says what its pattern would. */
const override: NonNullable<z.core.ToJSONSchemaParams['override']> = ({
  zodSchema,
  jsonSchema,
}) => {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  const description = z.globalRegistry.get(zodSchema)?.description;
  if (description !== undefined) jsonSchema.description = description;
};

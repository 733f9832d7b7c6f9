import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../world/project-root.js';

const Service = z.looseObject({
  image: z.string(),
  user: z.string(),
  command: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  privileged: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
  networks: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
});
export type ComposeService = z.infer<typeof Service>;

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().default(false) })),
  volumes: z.record(z.string(), z.unknown()),
});
export type Compose = z.infer<typeof Compose>;

/** Reads `deploy/compose.yaml` with the variables of a `.env` file put in, as compose does. */
export function readCompose(variables: Readonly<Record<string, string>>): Compose {
  const text = readFileSync(join(projectRoot(), 'deploy/compose.yaml'), 'utf8');
  return Compose.parse(interpolate(parse(text, { merge: true }) as unknown, variables));
}

/** Gives the names of the variables that have to be in `.env`. */
export function requiredVariables(): readonly string[] {
  const text = readFileSync(join(projectRoot(), 'deploy/compose.yaml'), 'utf8');
  return [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name))];
}

function interpolate(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind, word) => {
      const given = variables[name];
      if (given !== undefined) return given;
      if (kind === '-') return String(word);
      throw new Error(`${name} is not set: ${String(word)}`);
    });
  }
  if (Array.isArray(value)) return value.map((item) => interpolate(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, interpolate(item, variables)]),
  );
}

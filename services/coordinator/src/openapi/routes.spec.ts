import type { Type } from '@nestjs/common';
import { beforeAll, describe, expect, test } from 'vitest';
import { OPERATIONS, type Operation } from '#libs/contracts';
import { filesBelow } from '../../../../e2e/docs/pages.js';
import { declaredRoutes, type DeclaredRoute } from './declared-routes.js';

const files = filesBelow('services/coordinator/src', '.controller.ts').filter(
  // Pages are for people, and none of the API.
  (file) => !file.includes('/pages/'),
);
let routes: readonly DeclaredRoute[] = [];
beforeAll(async () => {
  const loaded = await Promise.all(
    files.map(
      (file) =>
        import(/* @vite-ignore */ `../../../../${file}`) as Promise<Record<string, unknown>>,
    ),
  );
  const controllers = loaded.flatMap((each) => Object.values(each));
  routes = declaredRoutes(controllers.filter((each) => typeof each === 'function') as Type[]);
});

/** As the table of operations has it. */
function nameOf({ method, path }: Pick<DeclaredRoute, 'method' | 'path'>): string {
  return `${method} ${path.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}')}`;
}
const told = OPERATIONS.map((operation) => [nameOf(operation), operation] as const);

test('every route has a row in libs/contracts/src/api/operations, and every row a route', () => {
  const names = told.map(([name]) => name);
  const declared = routes.map(nameOf);
  expect({
    'routes without a row in libs/contracts/src/api/operations/<tag>.ts': declared.filter(
      (name) => !names.includes(name),
    ),
    'rows without a route in any *.controller.ts': names.filter((name) => !declared.includes(name)),
  }).toEqual({
    'routes without a row in libs/contracts/src/api/operations/<tag>.ts': [],
    'rows without a route in any *.controller.ts': [],
  });
  expect(declared.length).toBeGreaterThan(30);
});

describe.for(told)('%s', ([name, operation]) => {
  const route = (): DeclaredRoute => {
    const found = routes.find((each) => nameOf(each) === name);
    if (found === undefined) throw new Error(`no controller has ${name}`);
    return found;
  };

  test('asks for the scope that its row names', () => {
    const { access } = route();
    const scope = access === undefined || access === 'signed-body' ? undefined : access.scope;
    expect(operation.scope).toBe(scope);
  });

  test('reads by the very schemas of its row', () => {
    for (const { place, name: field, schema } of route().reads) {
      const wanted = wantedOf(operation, place, field);
      expect([place, field, wanted === schema]).toEqual([place, field, true]);
    }
  });

  test('reads everything that its row describes', () => {
    const { reads } = route();
    const places = new Set(reads.map(({ place }) => place));
    if (operation.query !== undefined) expect(places).toContain('query');
    if (operation.body !== undefined && operation.body !== 'text') expect(places).toContain('body');
    const whole = reads.some(({ place, name: field }) => place === 'params' && field === null);
    if (operation.params === undefined || whole || name.endsWith('{path}')) return;
    const fields = reads.filter(({ place }) => place === 'params').map((part) => part.name);
    expect(fields.toSorted()).toEqual(Object.keys(operation.params.shape).toSorted());
  });
});

function wantedOf(operation: Operation, place: string, field: string | null): unknown {
  if (place === 'body') return operation.body;
  const shape = place === 'query' ? operation.query : operation.params;
  return field === null ? shape : (shape?.shape as Record<string, unknown> | undefined)?.[field];
}

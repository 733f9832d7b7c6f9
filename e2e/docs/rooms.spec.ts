import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';
import { rows } from './pages.js';

const told = new Map(
  rows('README.md').flatMap(([room = '', , imports = '']) =>
    /^(libs|services)\//.test(room) ? [[room, imports]] : [],
  ),
);

test('the README maps every room', () => {
  const rooms = ['libs', 'services'].flatMap((floor) =>
    readdirSync(join(projectRoot(), floor)).map((name) => `${floor}/${name}`),
  );
  expect([...told.keys()].toSorted()).toEqual(rooms.toSorted());
});

test('the README tells who may import whom as the lint table has it', async () => {
  const config = join(projectRoot(), 'eslint.config.js');
  const { rooms } = (await import(config)) as { rooms: Readonly<Record<string, string[]>> };
  const libs = Object.keys(rooms).filter((room) => room.startsWith('libs/'));
  for (const [room, imports] of Object.entries(rooms)) {
    const isAll = imports.length === libs.filter((lib) => lib !== room).length;
    const list = isAll ? 'every other lib' : imports.join(', ') || 'nothing';
    expect([room, told.get(room)]).toEqual([room, list]);
  }
});

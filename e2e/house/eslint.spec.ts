import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

// The project's own table; rules that need types are left out, as the files are only pretended.
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** Lints a text as if it stood in this file, and gives what the walls between rooms say of it. */
async function walls(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  const told = result?.messages ?? [];
  expect(told.filter(({ fatal }) => fatal === true)).toEqual([]);
  return told.filter(({ ruleId }) => ruleId?.includes('restricted')).map(({ message }) => message);
}

const foldersOf = (floor: string): string[] =>
  readdirSync(join(root, floor), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, floor, entry.name, 'src')))
    .map(({ name }) => `${floor}/${name}`);
const rooms = [...foldersOf('libs'), ...foldersOf('services')];
/** Only specs go there; it has no row of its own. */
const FOR_SPECS = 'libs/testing';

describe('the import table is a wall', () => {
  test.each([
    ['libs/consensus', `import { seal } from '#libs/attestation'; seal();`],
    ['libs/consensus', `import type { Seal } from '#libs/attestation'; export type S = Seal;`],
    ['libs/consensus', `export * from '#libs/attestation';`],
    ['libs/consensus', `import { readFile } from 'node:fs'; readFile();`],
    ['libs/consensus', `import { Injectable } from '@nestjs/common'; Injectable();`],
    ['libs/consensus', `import { randomBytes } from 'node:crypto'; randomBytes(1);`],
    ['libs/consensus', `export const a = Date.now();`],
    ['libs/consensus', `const { now } = Date; export const a = now();`],
    ['libs/consensus', `export const a = new Date();`],
    ['libs/consensus', `export const a = Math.random();`],
    ['libs/consensus', `export const a = process.pid;`],
    ['libs/consensus', `export const a = fetch('http://x');`],
    ['libs/consensus', `setTimeout(() => undefined, 1);`],
    ['libs/attestation', `import { rootAt } from '#libs/tlog'; rootAt();`],
    ['libs/tlog', `import { open } from '#libs/attestation'; open();`],
    ['libs/contracts', `import { read } from '#libs/nns'; read();`],
    ['libs/contracts', `import { read } from '#libs/persistence'; read();`],
    ['libs/icos', `import { connect } from '#libs/messaging'; connect();`],
    ['libs/icos', `import { start } from '#libs/testing'; start();`],
    ['services/cli', `import { Module } from '@nestjs/common'; Module();`],
    ['services/cli', `import { read } from '#libs/persistence'; read();`],
    ['services/builder-agent', `import { read } from '#libs/persistence'; read();`],
    ['services/builder-agent', `import { read } from '#libs/provenance'; read();`],
    ['services/coordinator', `import { read } from '#libs/fingerprint'; read();`],
    ['services/coordinator', `import { a } from '../../../services/cli/src/main.js'; a();`],
    ['services/coordinator', `import { a } from '../../../e2e/world/world.js'; a();`],
    ['services/cli', `import { a } from '#libs/encoding/src/hex.js'; a();`],
    ['services/coordinator', `export const a = process.env['DATABASE_URL'];`],
    ['libs/nns', `export const a = process.env['NNS_URL'];`],
  ])('%s: %s', async (room, text) => {
    expect(await walls(`${room}/src/pretended.ts`, text)).toHaveLength(1);
  });

  test.each([
    ['libs/consensus', `import { sha256 } from '#libs/encoding'; sha256();`],
    ['libs/consensus', `import { hash } from 'node:crypto'; hash('sha256', '');`],
    ['libs/consensus', `export const a = new Date(0);`],
    ['libs/contracts', `import { decide } from '#libs/consensus'; decide();`],
    ['services/cli', `import { decide } from '#libs/consensus'; decide();`],
    ['services/coordinator', `import { a } from '../log/log.service.js'; a();`],
  ])('%s may: %s', async (room, text) => {
    expect(await walls(`${room}/src/pretended.ts`, text)).toEqual([]);
  });

  test('a service’s entry reads the environment, and a spec imports what it needs', async () => {
    expect(await walls('services/coordinator/src/main.ts', `start(process.env);`)).toEqual([]);
    const spec = `import { readFileSync } from 'node:fs'; readFileSync('vector');`;
    expect(await walls('libs/consensus/src/pretended.spec.ts', spec)).toEqual([]);
  });

  test('every room has its row', async () => {
    const isListed = await Promise.all(
      rooms.map(async (room) => {
        const [message = ''] = await walls(`${room}/src/x.ts`, `import '#libs/no-such-room';`);
        return message.includes(`${room} may import`);
      }),
    );
    const unlisted = rooms.filter((_, at) => isListed[at] !== true);
    expect(unlisted.filter((room) => room !== FOR_SPECS)).toEqual([]);
  });
});

describe('a lib is entered through its front door', () => {
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(read.config as unknown, ts.sys, root);
  const resolved = (specifier: string): string | undefined =>
    ts.resolveModuleName(
      specifier,
      join(root, 'services/cli/src/main.ts'),
      options,
      ts.sys,
      undefined,
      undefined,
      ts.ModuleKind.ESNext,
    ).resolvedModule?.resolvedFileName;

  test('which is its index', () => {
    for (const room of foldersOf('libs')) {
      expect(resolved(`#${room}`)).toBe(join(root, room, 'src/index.ts'));
    }
  });

  test.each([
    '#libs/encoding/src/hex.js',
    '#libs/encoding/src/hex',
    '#libs/encoding/src/index.js',
    '#libs/encoding/hex.js',
    '#libs/encoding/../attestation',
    '#libs/',
    '#services/cli',
  ])('and by no other: %s leads nowhere', (specifier) => {
    expect(resolved(specifier)).toBeUndefined();
  });
});

describe('in the rooms as they stand', () => {
  const sources = rooms.flatMap((room) =>
    readdirSync(join(root, room, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => ({ room, file: join(root, room, 'src', file) })),
  );
  /** All that a file imports, at its top or later, with what it is imported from. */
  const imports = sources.flatMap(({ room, file }) =>
    ts
      .preProcessFile(readFileSync(file, 'utf8'), true, true)
      .importedFiles.map(({ fileName }) => ({ room, file: relative(root, file), to: fileName })),
  );

  test('there is something to look at', () => {
    expect(imports.length).toBeGreaterThan(500);
  });

  test('no relative path leads out of its room, but for specs', () => {
    const leaving = imports
      .filter(({ file, to }) => to.startsWith('.') && !/\.spec\.tsx?$/.test(file))
      .filter(({ room, file, to }) => {
        const target = relative(join(root, room), resolve(root, dirname(file), to));
        return target.startsWith('..');
      })
      // Vitest loads it before `#libs` means anything.
      .filter(({ file }) => file !== 'libs/testing/src/global-setup.ts');
    expect(leaving).toEqual([]);
  });

  test('nothing but specs is made for specs', () => {
    const leaning = imports
      .filter(({ to }) => to === `#${FOR_SPECS}` || to === 'vitest')
      .filter(({ room, file }) => room !== FOR_SPECS && !/\.(?:spec|fixture)\.tsx?$/.test(file));
    expect(leaning).toEqual([]);
  });

  test('Node’s own modules are called by their whole name, so that a wall can see them', () => {
    const builtin =
      /^(?:assert|child_process|crypto|fs|http|https|net|os|path|process|stream|util)(?:\/|$)/;
    expect(imports.filter(({ to }) => builtin.test(to))).toEqual([]);
  });
});

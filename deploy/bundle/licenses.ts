import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { compareText } from '#libs/encoding';
import { BundleError } from './error.js';

const Manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });
type Manifest = z.infer<typeof Manifest>;
const TEXT = /^(?:licen[cs]e|copying|notice)/i;
const RULE = '='.repeat(80);

/**
 * Gives the text that has to go with a file that holds others' code: each package by name and
 * version, with its licence and notices as they stand in it.
 *
 * @param modules paths of all modules in the file
 * @throws BundleError NO_LICENSE
 */
export function licensesOf(modules: readonly string[]): string {
  // The bundler puts helpers of its own before everything.
  const paths = [...modules, createRequire(import.meta.url).resolve('rolldown')];
  const others = paths.filter((path) => path.includes('/node_modules/'));
  const sections = new Set(others.map((path) => packageOf(dirname(path))).map(sectionOf));
  const head =
    'repro-quorum.mjs is licensed under the Apache License 2.0, as some of what it holds: the following\n' +
    'packages, each with its own licence and notices.\n';
  return [head, ...[...sections].toSorted(compareText)].join(`${RULE}\n`);
}

/** A package's folder: folders inside it may have a package.json too, which names no version. */
function packageOf(folder: string): string {
  const path = join(folder, 'package.json');
  if (existsSync(path) && 'version' in read(path)) return folder;
  if (basename(folder) === 'node_modules') {
    throw new BundleError(
      'NO_LICENSE',
      `${folder} holds modules of no package: expected a version`,
    );
  }
  return packageOf(dirname(folder));
}

function sectionOf(folder: string): string {
  const manifest = Manifest.safeParse(read(join(folder, 'package.json')));
  if (!manifest.success) {
    throw new BundleError('NO_LICENSE', `${folder} names no licence: expected one to hand on`);
  }
  const { name, version, license } = manifest.data;
  const texts = readdirSync(folder)
    .filter((file) => TEXT.test(file))
    .toSorted(compareText)
    .map((file) => `${readFileSync(join(folder, file), 'utf8').trim()}\n`);
  return [`${name} ${version}, ${license}\n`, ...texts].join('\n');
}

function read(path: string): object {
  return z.looseObject({}).parse(JSON.parse(readFileSync(path, 'utf8')));
}

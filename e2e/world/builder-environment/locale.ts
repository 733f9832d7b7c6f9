import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { quote } from '#libs/encoding';
import { WorldError } from '../error.js';

/** Tells whether the C library has this locale without any file. */
export function isBuiltIn(locale: string): boolean {
  return /^(C|POSIX|C\.UTF-?8)$/i.test(locale);
}

/** Folder of the locales that are compiled for one builder, as LOCPATH takes it. */
export function localeFolder(home: string): string {
  return join(home, '.locale');
}

/**
 * Compiles a locale of this name, whose one property is that `a` sorts before `B`, as in most
 * languages. The same on every machine: minimal ones have no locale but C, and others differ.
 *
 * @throws WorldError NO_LOCALE when `localedef` is missing or refuses
 */
export async function compileLocale(home: string, name: string): Promise<void> {
  const folder = localeFolder(home);
  const target = join(folder, name);
  if (existsSync(join(target, 'LC_COLLATE'))) return;

  await mkdir(folder, { recursive: true });
  const charmap = join(folder, 'ascii.charmap');
  const source = join(folder, 'dictionary.locale');
  await writeFile(charmap, charmapText());
  await writeFile(source, localeText());
  // Forced: it misses all categories but the collation, which fall back to those of C.
  const args = ['--force', '--quiet', '--no-archive', '-f', charmap, '-i', source, target];
  const result = await execa('localedef', args, { reject: false });
  if (!existsSync(join(target, 'LC_COLLATE'))) {
    throw new WorldError(
      'NO_LOCALE',
      `cannot compile the locale ${quote(name)}: ${result.code ?? result.stderr.slice(-200)}`,
      { cause: result },
    );
  }
}

const codePoints = Array.from({ length: 128 }, (_, index) => index);
const symbol = (code: number) => `<U${code.toString(16).toUpperCase().padStart(4, '0')}>`;

/** Calls itself UTF-8, since the C library refuses a `.UTF-8` locale of another character set. */
function charmapText(): string {
  const lines = codePoints.map(
    (code) => `${symbol(code)} /x${code.toString(16).padStart(2, '0')} X`,
  );
  return [
    ...['<code_set_name> UTF-8', '<comment_char> %', '<escape_char> /'],
    ...['<mb_cur_min> 1', '<mb_cur_max> 6', 'CHARMAP', ...lines, 'END CHARMAP', ''],
  ].join('\n');
}

function localeText(): string {
  const weight = (code: number) => (isUpper(code) ? code + 32.5 : code);
  const ordered = codePoints.toSorted((a, b) => weight(a) - weight(b)).map(symbol);
  return [
    ...['LC_COLLATE', 'order_start forward', ...ordered, 'order_end', 'END LC_COLLATE'],
    ...['LC_CTYPE', ...characterClasses(), 'END LC_CTYPE', ''],
  ].join('\n');
}

const isBetween = (first: string, last: string) => (code: number) =>
  code >= first.charCodeAt(0) && code <= last.charCodeAt(0);
const isUpper = isBetween('A', 'Z');
const isLower = isBetween('a', 'z');
const isDigit = isBetween('0', '9');
const isGraphic = isBetween('!', '~');

/** Without them no character would be printable, and tools would escape all they print. */
function characterClasses(): string[] {
  const list = (name: string, is: (code: number) => boolean) =>
    `${name} ${codePoints.filter(is).map(symbol).join(';')}`;
  const isPunctuation = (code: number) =>
    isGraphic(code) && !isUpper(code) && !isLower(code) && !isDigit(code);
  const pairs = codePoints.filter(isLower).map((code) => [symbol(code), symbol(code - 32)]);
  return [
    ...[list('upper', isUpper), list('lower', isLower), list('digit', isDigit)],
    ...[list('punct', isPunctuation), list('space', isBetween('\t', '\r')).concat(';<U0020>')],
    `toupper ${pairs.map(([lower, upper]) => `(${lower ?? ''},${upper ?? ''})`).join(';')}`,
    `tolower ${pairs.map(([lower, upper]) => `(${upper ?? ''},${lower ?? ''})`).join(';')}`,
  ];
}

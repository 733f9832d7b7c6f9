import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'vitest';

/** A verifier of others, and the Debian package that brings it. */
export interface ForeignTool {
  /** A program's name, or a file's path. */
  readonly needs: readonly string[];
  readonly packages: readonly string[];
}

export const SIGNIFY: ForeignTool = { needs: ['signify-openbsd'], packages: ['signify-openbsd'] };
export const IN_TOTO: ForeignTool = { needs: ['in-toto-verify'], packages: ['in-toto'] };
export const GO_MOD: ForeignTool = {
  needs: ['go', '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go'],
  packages: ['golang-go', 'golang-golang-x-mod-dev'],
};

/** A test that needs a foreign tool; where it is not there, the test's name says what is missing. */
export function testWith(
  { needs, packages }: ForeignTool,
  name: string,
  body: () => Promise<void>,
): void {
  const isThere = needs.every(isFound);
  const title = isThere ? name : `${name} (skipped: ${packages.join(', ')} not installed)`;
  test.skipIf(!isThere)(title, body);
}

/** Tells whether a program is on PATH, or a file is there. */
export function isFound(need: string): boolean {
  const folders = need.startsWith('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, need), constants.R_OK);
      return true;
    } catch {
      return false;
    }
  });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../project-root.js';
import { DEFECTS, artifactsReached, formatDefects } from './defects.js';

const inTree = (path: string) =>
  readFileSync(join(projectRoot(), 'e2e/world/ic-mini/tree', path), 'utf8');

describe('defects', () => {
  test('one set has one text, however it is written down', () => {
    const text = formatDefects({ setupos: ['umask'], guestos: ['timestamp', 'locale', 'locale'] });
    expect(text).toBe(
      formatDefects({ guestos: ['locale', 'timestamp'], hostos: [], setupos: ['umask'] }),
    );
    expect(text.split('\n').slice(1)).toEqual([
      'guestos locale',
      'guestos timestamp',
      'setupos umask',
      '',
    ]);
  });

  test('a release without defects has the file of master', () => {
    expect(formatDefects({})).toBe(inTree('ic-os/defects.conf'));
  });

  test('the build script knows the same names', () => {
    const lines = inTree('toolchains/defects.sh').matchAll(/^KNOWN_DEFECTS\+?='([^']*)'/gm);
    const known = [...lines].map(([, names = '']) => names).join('');
    expect(known.trim().split(' ')).toEqual(Object.keys(DEFECTS));
  });

  test('SetupOS carries every difference of the other two, measurements only one of the tree', () => {
    expect(artifactsReached('hostos', 'mtime')).toEqual(['hostos/update-img', 'setupos/disk-img']);
    expect(artifactsReached('guestos', 'mtime')).not.toContain('guestos/launch-measurements');
    expect(artifactsReached('guestos', 'umask')).toContain('guestos/launch-measurements');
  });
});

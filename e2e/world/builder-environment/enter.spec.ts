import { describe, expect, test } from 'vitest';
import type { BuilderEnvironment } from './builder-environment.js';
import { enter } from './enter.js';

const plain: BuilderEnvironment = { home: '/b/home', tempDir: '/b/tmp' };
const inside = (environment: BuilderEnvironment, isRoot = true) => {
  const { file, args } = enter(environment, ['build', '--icos'], isRoot);
  return [file, ...args].map((word) => word.replace(/^.*\/enter\.sh$/, 'enter.sh'));
};

describe('a command inside a builder environment', () => {
  test('gets variables alone where nothing needs a namespace', () => {
    expect(inside(plain)).toEqual(['bash', 'enter.sh', '--', 'build', '--icos']);
    expect(enter(plain, ['true']).env).toEqual({
      HOME: '/b/home',
      TMPDIR: '/b/tmp',
      LC_ALL: 'C.UTF-8',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
    });
  });

  test('finds a locale that the C library does not have in its own home', () => {
    const { env } = enter({ ...plain, locale: 'en_US.UTF-8', timezone: 'Asia/Tokyo' }, ['true']);
    expect(env).toMatchObject({
      LOCPATH: '/b/home/.locale',
      LANG: 'en_US.UTF-8',
      TZ: 'Asia/Tokyo',
    });
  });

  test('has a hostname in a namespace of names, mapped to root for a plain user', () => {
    const environment = { ...plain, hostname: 'builder-1' };
    const script = ['bash', 'enter.sh', '--hostname', 'builder-1', '--', 'build', '--icos'];
    expect(inside(environment)).toEqual(['unshare', '--uts', '--', ...script]);
    expect(inside(environment, false)).toEqual([
      ...['unshare', '--uts', '--map-root-user', '--'],
      ...script,
    ]);
  });

  test('has its mounts before its limits, so that the limits do not break the mounts', () => {
    expect(
      inside({
        ...plain,
        tempFilesystem: { type: 'ext4', sizeBytes: 16_777_216, blockSizeBytes: 1024 },
        umask: 0o77,
        fileSizeLimitBytes: 4096,
      }),
    ).toEqual([
      ...['unshare', '--mount', '--', 'bash', 'enter.sh', '--ext4', '16777216', '1024', '/b/tmp'],
      ...['--umask', '0077', '--file-size-limit', '4096', '--', 'build', '--icos'],
    ]);
  });

  test('has its user last: nobody else than root may do the rest', () => {
    const wishes = { openFilesLimit: 256, processors: 1, isOldKernel: true, user: 'nobody' };
    expect(inside({ ...plain, ...wishes })).toEqual([
      ...['bash', 'enter.sh', '--open-files-limit', '256', '--processors', '1', '--old-kernel'],
      ...['--user', 'nobody', '--', 'build', '--icos'],
    ]);
  });
});

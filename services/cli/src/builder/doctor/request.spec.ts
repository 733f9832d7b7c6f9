import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../exit.js';
import { requestOf, type DoctorOptions } from './request.js';

describe('folders', () => {
  test('are those of a check, where nothing is said', () => {
    const cache = join(homedir(), '.cache/repro-quorum');
    expect(requestOf({}, {}, false).folders).toEqual({
      build: join(cache, 'builds'),
      cache,
      temp: tmpdir(),
      home: homedir(),
    });
  });

  test('are those of the agent, where its variables are set', () => {
    const environment = {
      ...{ BUILD_DIR: '/b', CACHE_DIR: '/c', BUILD_TMPDIR: '/t', BUILD_HOME: '/h' },
    };
    const folders = { build: '/b', cache: '/c', temp: '/t', home: '/h' };
    expect(requestOf({}, environment, false).folders).toEqual(folders);
    const options = { buildDir: 'mine', tempDir: '/other' };
    expect(requestOf(options, environment, false).folders).toEqual({
      ...folders,
      ...{ build: resolve('mine'), temp: '/other' },
    });
  });
});

describe('hosts', () => {
  test('are asked for the time only where somebody says so', () => {
    expect(requestOf({}, {}, true).clockUrls).toEqual([]);
    expect(requestOf({ online: true }, {}, true).clockUrls).toEqual([
      'https://download.dfinity.systems',
      'https://download.dfinity.network',
    ]);
  });
});

describe('mending', () => {
  test.for<readonly [DoctorOptions, isTerminal: boolean, mend: string]>([
    [{}, true, 'no'],
    [{ fix: true }, true, 'ask'],
    [{ fix: true }, false, 'show'],
    [{ fix: true, yes: true }, true, 'apply'],
    [{ fix: true, yes: true }, false, 'apply'],
  ])('with %j, on a terminal: %s, is %s', ([options, isTerminal, mend]) => {
    expect(requestOf(options, {}, isTerminal).mend).toBe(mend);
  });
});

describe('the era', () => {
  test('has two names for one option', () => {
    expect(requestOf({ era: 'a' }, {}, false).era).toBe('a');
    expect(requestOf({ commitEra: 'a' }, {}, false).era).toBe('a');
    expect(requestOf({}, { REPRO_QUORUM_ERAS: 'file' }, false)).toMatchObject({
      ...{ era: null, erasFile: 'file' },
    });
  });
});

test.for<readonly [DoctorOptions, said: string]>([
  [{ yes: true }, '--yes agrees to what --fix would ask'],
  [{ era: 'a', commitEra: 'b' }, 'are one option'],
  [{ only: 'memory,momery' }, '"momery" is no check: there are architecture, '],
  [{ only: '' }, '"" is no check'],
])('%j is refused', ([options, said]) => {
  expect(() => requestOf(options, {}, true)).toThrow(
    expect.objectContaining({
      exitCode: EXIT.usage,
      message: expect.stringContaining(said) as string,
    }),
  );
});

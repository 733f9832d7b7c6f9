import { describe, expect, test } from 'vitest';
import { IcosError } from '../error.js';
import { readFetchFailure } from './source-failure.js';
import { protocolOf } from './source-url.js';

describe('a fetch that failed', () => {
  test.each([
    ['error: Server does not allow request for unadvertised object', 'cannot-ask-by-id'],
    ['fatal: dumb http transport does not support shallow capabilities', 'cannot-ask-by-id'],
    ['fatal: remote error: upload-pack: not our ref 79faae8b', 'unavailable'],
    ["fatal: could not read Username for 'https://github.com': terminal prompts", 'unavailable'],
    ["fatal: repository 'https://github.com/dfinity/x/' not found", 'unavailable'],
    ["unable to access 'https://x/': The requested URL returned error: 404", 'unavailable'],
    ["fatal: unable to access 'https://x/': The requested URL returned error: 403", 'unreachable'],
    ["fatal: unable to access 'https://x/': The requested URL returned error: 503", 'unreachable'],
    ["fatal: unable to access 'https://x/': Could not resolve host: x", 'unreachable'],
    ["fatal: unable to access 'http://x/': Failed to connect to x port 1", 'unreachable'],
    ['fatal: the remote end hung up unexpectedly', 'unreachable'],
    ["fatal: '/x' does not appear to be a git repository", 'unreachable'],
    ['fatal: write error: No space left on device', 'other'],
  ])('with "%s" is %s', (words, failure) => {
    expect(readFetchFailure(new IcosError('GIT_FAILED', words))).toBe(failure);
  });

  test('for another reason than git is no word of a server', () => {
    expect(readFetchFailure(new IcosError('NETWORK', 'not our ref'))).toBe('other');
    expect(readFetchFailure('not our ref')).toBe('other');
  });
});

describe('a git URL', () => {
  test.each([
    ['https://github.com/dfinity/ic.git', 'https'],
    ['http://127.0.0.1:1234/ic.git', 'http'],
    ['file:///srv/ic.git', 'file'],
  ])('%s allows %s alone', (url, protocol) => {
    expect(protocolOf(url)).toBe(protocol);
  });

  test.each([
    'ext::sh -c touch% /tmp/x',
    'ssh://git@github.com/dfinity/ic',
    'git@github.com:dfinity/ic',
    '--upload-pack=touch /tmp/x',
    'https://token@github.com/dfinity/ic',
    'https://user:pass@github.com/dfinity/ic',
    'https://github.com/dfinity/ic\n',
    '/srv/ic.git',
    '',
  ])('%j is refused', (url) => {
    expect(() => protocolOf(url)).toThrow(expect.objectContaining({ code: 'URL_NOT_ALLOWED' }));
  });
});

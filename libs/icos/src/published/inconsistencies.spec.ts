import { sha256 } from '#libs/encoding';
import { describe, expect, test } from 'vitest';
import { findInconsistencies, type Observation } from '../index.js';

const [right, wrong] = [sha256('right'), sha256('wrong')];
const folder = (host: string) => `https://${host}/ic/x/guest-os/update-img`;

function seen(role: Observation['role'], url: string, digest: typeof right | null): Observation {
  const error = digest === null ? ({ code: 'NETWORK', message: 'gone' } as const) : null;
  return { url, role, artifact: 'guestos/update-img', sha256: digest, sizeBytes: 1, error };
}
const bytes = (host: string, digest: typeof right | null = right) =>
  seen('cdn-bytes', `${folder(host)}/update-img.tar.zst`, digest);
const sums = (host: string, digest: typeof right | null = right) =>
  seen('cdn-sums', `${folder(host)}/SHA256SUMS`, digest);
const listed = (url: string, digest: typeof right | null = right) =>
  seen('proposal-url', url, digest);
const kinds = (observations: Observation[], expected = { 'guestos/update-img': right }) =>
  findInconsistencies(observations, expected).map(({ kind }) => kind);

describe('what is published', () => {
  const good = [bytes('a'), sums('a'), bytes('b'), sums('b'), listed('https://a/1')];

  test('is consistent when all say the same', () => {
    expect(kinds(good)).toEqual([]);
  });

  test.each([
    [
      'a CDN that serves other bytes',
      [bytes('a', wrong), sums('a'), bytes('b'), sums('b')],
      ['cdn-bytes-mismatch', 'sums-against-bytes', 'cdns-serve-different-bytes'],
    ],
    [
      'a CDN that lists another digest',
      [bytes('a'), sums('a', wrong), bytes('b'), sums('b')],
      ['cdn-sums-mismatch', 'sums-against-bytes', 'cdns-list-different-sums'],
    ],
    [
      'a proposal URL that serves other bytes',
      [...good, listed('https://b/2', wrong)],
      ['proposal-url-mismatch', 'proposal-urls-differ'],
    ],
    [
      'a proposal with another digest than both CDNs',
      [bytes('a', wrong), sums('a', wrong), bytes('b', wrong), sums('b', wrong)],
      ['cdn-bytes-mismatch', 'cdn-bytes-mismatch', 'cdn-sums-mismatch', 'cdn-sums-mismatch'],
    ],
  ])('is inconsistent with %s', (_, observations, expected) => {
    expect(kinds(observations)).toEqual(expected);
  });

  test('is held against itself when no proposal names a digest', () => {
    expect(findInconsistencies([bytes('a'), bytes('b', wrong)])).toEqual([
      {
        kind: 'cdns-serve-different-bytes',
        artifact: 'guestos/update-img',
        sides: [
          { url: `${folder('a')}/update-img.tar.zst`, sha256: right },
          { url: `${folder('b')}/update-img.tar.zst`, sha256: wrong },
        ],
      },
    ]);
  });

  test('contradicts nothing where it could not be read', () => {
    expect(kinds([bytes('a', null), sums('a'), bytes('b'), sums('b', null)])).toEqual([]);
  });
});

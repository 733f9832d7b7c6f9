import { describe, expect, test } from 'vitest';
import { Release } from '#libs/attestation';
import { sha256, type Sha256 } from '#libs/encoding';
import { outputsOf } from './outputs.js';

const release = Release.parse({
  name: 'ic/x',
  source: { digest: { gitCommit: '0'.repeat(40) } },
  artifacts: [
    { name: 'guestos/update-img', path: 'guest-os/update-img/update-img.tar.zst' },
    { name: 'hostos/update-img', path: 'host-os/update-img/update-img.tar.zst' },
    { name: 'setupos/disk-img', path: 'setup-os/disk-img/disk-img.tar.zst' },
  ],
});
const GUEST = 'guest-os/update-img/update-img.tar.zst';

function sums(...lines: readonly (readonly [name: string, bytes: string])[]): Map<string, Sha256> {
  return new Map(lines.map(([name, bytes]) => [name, sha256(bytes)]));
}

describe('outputs of a SHA256SUMS', () => {
  test.each<[claim: string, lines: [string, string][], found: [string, string][]]>([
    ['by path', [[GUEST, 'A']], [['guestos/update-img', 'A']]],
    ['by path after ./', [[`./${GUEST}`, 'A']], [['guestos/update-img', 'A']]],
    ['by name', [['hostos/update-img', 'B']], [['hostos/update-img', 'B']]],
    ['by a longer path', [[`/build/${GUEST}`, 'A']], [['guestos/update-img', 'A']]],
    ['by a file name that only one has', [['disk-img.tar.zst', 'C']], [['setupos/disk-img', 'C']]],
    [
      'in the order of the release',
      [
        ['disk-img.tar.zst', 'C'],
        [GUEST, 'A'],
      ],
      [
        ['guestos/update-img', 'A'],
        ['setupos/disk-img', 'C'],
      ],
    ],
    [
      'by path before a shorter one, which is then another file',
      [
        ['disk-img.tar.zst', 'X'],
        ['setup-os/disk-img/disk-img.tar.zst', 'C'],
      ],
      [['setupos/disk-img', 'C']],
    ],
  ])('are found %s', (_claim, lines, found) => {
    const outputs = outputsOf(release, sums(...lines));
    expect(outputs.map(({ name, sha256: digest }) => [name, digest])).toEqual(
      found.map(([name, bytes]) => [name, sha256(bytes)]),
    );
  });

  test.each<[claim: string, lines: [string, string][], message: RegExp]>([
    ['nothing', [], /lists no artifact of ic\/x/],
    ['other files', [['build.log', 'A']], /lists no artifact/],
    ['a file name that two have', [['update-img.tar.zst', 'A']], /could be several artifacts/],
    ['the same file name elsewhere', [['other/disk-img.tar.zst', 'A']], /lists no artifact/],
    [
      'two digests by path and by name',
      [
        [GUEST, 'A'],
        ['guestos/update-img', 'B'],
      ],
      /several lines with different digests that could be guestos\/update-img/,
    ],
    [
      'two digests by longer paths',
      [
        [`a/${GUEST}`, 'A'],
        [`b/${GUEST}`, 'B'],
      ],
      /several lines with different digests/,
    ],
  ])('are refused where it lists %s', (_claim, lines, message) => {
    expect(() => outputsOf(release, sums(...lines))).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as string }),
    );
  });

  test("one artifact's name may be another one's path: the path wins", () => {
    const crossed = Release.parse({
      ...release,
      artifacts: [
        { name: 'a', path: 'b' },
        { name: 'b', path: 'a' },
      ],
    });
    const outputs = outputsOf(crossed, sums(['a', 'A'], ['b', 'B']));
    expect(outputs.map(({ path, sha256: digest }) => [path, digest])).toEqual([
      ['b', sha256('B')],
      ['a', sha256('A')],
    ]);
  });
});

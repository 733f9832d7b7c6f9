import { describe, expect, test } from 'vitest';
import { Release, checkRelease, refOf, subjectName } from './release.js';
import { RELEASE } from './sample.fixture.js';

const [guest] = RELEASE.artifacts;
const withArtifacts = (...artifacts: readonly object[]): unknown => ({ ...RELEASE, artifacts });
const isTaken = (value: unknown): boolean => Release.safeParse(value).success;

describe('a release', () => {
  test('of the IC is taken as it is', () => {
    expect(Release.parse(RELEASE)).toEqual(RELEASE);
  });

  test('foreign to the IC is taken, with what it leaves out filled in', () => {
    const foreign = {
      name: 'hello_2.10-3',
      source: { digest: { sha256: 'a'.repeat(64) } },
      artifacts: [{ name: 'constructor', path: 'hello_2.10-3_amd64.deb' }],
    };
    expect(Release.parse(foreign).artifacts).toEqual([
      { ...foreign.artifacts[0], expected: null, elected: false, embeds: [] },
    ]);
  });

  test.each<[string, unknown]>([
    ['names nothing of its source', { ...RELEASE, source: { digest: {} } }],
    [
      'names a source by an abbreviation',
      { ...RELEASE, source: { digest: { gitCommit: 'abc123' } } },
    ],
    ['has a name that is an option', { ...RELEASE, name: '--upload-pack' }],
    ['has a name with an escape', { ...RELEASE, name: 'a\u001b[31m' }],
    ['has an artifact twice', withArtifacts(guest!, { ...guest!, path: 'other' })],
    ['has a path twice', withArtifacts(guest!, { ...guest!, name: 'other' })],
    ['has a path that leaves it', withArtifacts({ ...guest!, path: 'a/../../etc/passwd' })],
    ['has an absolute path', withArtifacts({ ...guest!, path: '/etc/passwd' })],
    ['has a path with a line break', withArtifacts({ ...guest!, path: 'a\nb' })],
    ['expects an upper-case digest', withArtifacts({ ...guest!, expected: 'A'.repeat(64) })],
    [
      'has a name and path too long for one label',
      withArtifacts({ ...guest!, path: 'p'.repeat(170) }),
    ],
  ])('that %s is refused', (_what, release) => {
    expect(isTaken(release)).toBe(false);
  });

  test('may be as long as one label', () => {
    const path = 'p'.repeat(200 - RELEASE.name.length - 1);
    const release = Release.parse(withArtifacts({ ...guest!, path }));
    expect(subjectName(release, { path })).toHaveLength(200);
  });

  test('may have dots in its paths', () => {
    expect(isTaken(withArtifacts({ ...guest!, path: 'a..b/c...d/.e' }))).toBe(true);
  });
});

describe('an attestation’s release', () => {
  const wrong: unknown = expect.objectContaining({ code: 'WRONG_RELEASE' });
  const check = (name: string, digest: Record<string, string>) => () => {
    checkRelease({ name, digest }, RELEASE);
  };
  const { name, digest } = refOf(RELEASE);

  test('is taken when name and every digest are equal', () => {
    expect(check(name, digest)).not.toThrow();
    expect(check(name, { ...digest, sha256: 'more' })).not.toThrow();
  });

  test('is refused when the name differs, or a digest differs or is left out', () => {
    expect(check(`${name}x`, digest)).toThrow(wrong);
    expect(check(name, { gitCommit: 'f'.repeat(40) })).toThrow(wrong);
    expect(check(name, { sha1: digest['gitCommit']! })).toThrow(wrong);
    expect(check(name, {})).toThrow(wrong);
    const two = {
      ...RELEASE,
      source: { uri: null, digest: { sha1: 'a'.repeat(40), sha256: 'b'.repeat(64) } },
    };
    expect(() => {
      checkRelease({ name, digest: { sha1: 'a'.repeat(40) } }, two);
    }).toThrow(wrong);
  });

  test('is refused in a message of bounded length, without control characters', () => {
    const flood = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`\u001b[31m${at}`, 'x'.repeat(128)]),
    );
    let message = '';
    try {
      check('\u001b[2J', flood)();
    } catch (error) {
      message = String(error);
    }
    expect(message.length).toBeLessThan(500);
    expect(message).toMatch(/^[ -~…]+$/);
  });
});

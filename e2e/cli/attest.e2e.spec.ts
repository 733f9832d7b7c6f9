import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openEnvelope,
  parseEnvelope,
  parseStatement,
  readResult,
  roundIdOf,
  unarmor,
  unverifiedPayload,
  type Result,
} from '#libs/attestation';
import { Folder } from './folder.js';
import { digest, maker, pemOfMaker, releaseOf, rosterOf, roundOf } from './makers.js';
import { tallyOf } from './tally-json.js';

const release = releaseOf({ 'guestos/update-img': 'A', 'hostos/update-img': 'B' });
const GUEST = 'guestos/update-img.tar.zst';
const SUMS = `${digest('A')}  ${GUEST}\n${digest('B')}  hostos/update-img.tar.zst\n`;
const ARGS = [
  ...['attest', '--release', 'release.json', '--sums', 'SHA256SUMS', '--key', 'key.pem'],
  ...['--out', 'out.json'],
];

let all: Folder;
beforeAll(async () => {
  all = await Folder.make();
});
afterAll(async () => {
  await all.remove();
});

async function begun(name: string): Promise<Folder> {
  const folder = await all.inner(name);
  await folder.write('release.json', release);
  await folder.write('SHA256SUMS', SUMS);
  await folder.write('key.pem', pemOfMaker('a'));
  return folder;
}

async function resultIn(folder: Folder): Promise<Result & { kind: 'built' }> {
  const envelope = parseEnvelope(await folder.read('out.json'));
  const result = readResult(parseStatement(openEnvelope(envelope, maker('a').publicKey)));
  if (result.kind !== 'built') throw new Error('a failure was attested');
  return result;
}

describe.concurrent('attest', () => {
  test('signs what SHA256SUMS lists, and prints the same envelope in armour', async () => {
    const folder = await begun('plain');
    const { exitCode, stdout, stderr } = await folder.run(ARGS);
    expect(exitCode).toBe(0);
    const { outputs, round, environment } = await resultIn(folder);
    expect(outputs.map(({ name, sha256 }) => [name, sha256])).toEqual([
      ['guestos/update-img', digest('A')],
      ['hostos/update-img', digest('B')],
    ]);
    expect([round, environment.source]).toEqual([null, 'declared']);
    expect(unarmor(stdout)).toEqual([parseEnvelope(await folder.read('out.json'))]);
    expect(stdout).toMatch(/^-----BEGIN [^]*-----END REPRO-QUORUM ATTESTATION-----\n$/);
    expect(stderr).toBe(
      `repro-quorum: signed 2 artifacts of ${release.name} as builder ${maker('a').id}\n`,
    );
  });

  test('prints JSON and nothing else when asked', async () => {
    const folder = await begun('json');
    const { stdout } = await folder.run([...ARGS, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      builder: maker('a').id,
      artifacts: [{ name: 'guestos/update-img' }, { name: 'hostos/update-img' }],
      envelope: JSON.parse(await folder.read('out.json')) as object,
    });
  });

  test('two attestations of one build differ: each has a salt of its own', async () => {
    const folder = await begun('salt');
    await folder.run(ARGS);
    const first = await folder.read('out.json');
    expect((await folder.run(ARGS)).exitCode).toBe(0);
    expect(await folder.read('out.json')).not.toBe(first);
  });

  test('a release foreign to the IC goes through attest and tally', async () => {
    const folder = await all.inner('hello');
    const packages = [
      'hello_2.10-3_amd64.deb',
      'hello-dbgsym_2.10-3_amd64.deb',
      'hello_2.10-3.dsc',
    ];
    await folder.write('release.json', {
      name: 'hello_2.10-3',
      source: { uri: 'https://example.org/hello_2.10-3.dsc', digest: { sha256: digest('dsc') } },
      artifacts: packages.map((path) => ({ name: path, path, expected: digest(path) })),
    });
    await folder.write('roster.json', rosterOf({ 'debian-a': ['a'], 'debian-b': ['b'], c: ['c'] }));
    for (const builder of 'abc') {
      const lines = packages.map((path) => `${digest(path)}  ./${path}\n`);
      if (builder === 'c') lines[1] = `${digest('other')}  ${packages[1]}\n`;
      await folder.write('SHA256SUMS', lines.join(''));
      await folder.write('key.pem', pemOfMaker(builder));
      const { exitCode } = await folder.run([...ARGS.slice(0, -1), `${builder}.json`]);
      expect(exitCode).toBe(0);
    }
    const files = ['--release', 'release.json', '--roster', 'roster.json', '--threshold', '2/3'];
    const tally = async (...said: string[]) =>
      folder.run(['tally', ...files, '--json', ...said.map((builder) => `${builder}.json`)]);
    const everybody = await tally('a', 'b', 'c');
    expect(
      tallyOf(everybody).artifacts.map(({ name, verdict, flags }) => [name, verdict, flags]),
    ).toEqual([
      [packages[0], 'reproduced', ['advisory']],
      [packages[1], 'reproduced', ['advisory', 'dissent']],
      [packages[2], 'reproduced', ['advisory']],
    ]);
    expect(everybody.exitCode).toBe(0);
    expect((await tally('a', 'c')).exitCode).toBe(1);
  });
});

describe.concurrent('SHA256SUMS', () => {
  const A = digest('A');
  test.each<[claim: string, sums: string, remark: string]>([
    ['with one space, as the CDN has it', `${A} ${GUEST}\n`, ''],
    ['with two spaces, as sha256sum writes it', `${A}  ${GUEST}\n`, ''],
    ['with an asterisk, as sha256sum -b writes it', `${A} *${GUEST}\n`, ''],
    ['among other files', `${digest('log')}  build.log\n${A}  ${GUEST}\n`, ''],
    ['with a name twice and one digest', `${A}  ${GUEST}\n${A} *${GUEST}\n`, 'listed twice'],
  ])('%s is read', async (claim, sums, remark) => {
    const folder = await begun(claim);
    await folder.write('SHA256SUMS', sums);
    const { exitCode, stderr } = await folder.run(ARGS);
    expect(exitCode).toBe(0);
    const { outputs } = await resultIn(folder);
    expect(outputs.map(({ name, sha256 }) => [name, sha256])).toEqual([['guestos/update-img', A]]);
    expect(stderr).toContain(remark);
    expect(stderr).toContain('no line for hostos/update-img.tar.zst: hostos/update-img is not');
  });

  test.each<[claim: string, sums: string, said: string]>([
    [
      'with a name twice and two digests',
      `${A}  ${GUEST}\n${digest('B')} *${GUEST}\n`,
      'SUMS_CONFLICT: line 2',
    ],
    ['without any of its names', `${A}  build.log\n`, `lists no artifact of ${release.name}`],
    ['with a name that could be two', `${A}  update-img.tar.zst\n`, 'could be several artifacts'],
    ['with DOS line ends', SUMS.replaceAll('\n', '\r\n'), 'MALFORMED_SUMS: line 1'],
  ])('%s is refused', async (claim, sums, said) => {
    const folder = await begun(claim);
    await folder.write('SHA256SUMS', sums);
    await expectRefused(folder, ARGS, said);
  });
});

describe.concurrent('nothing is written when', () => {
  test.each<[claim: string, file: string, content: string, said: string]>([
    ['the release is not JSON', 'release.json', 'name: x', 'release.json is not JSON'],
    ['the release is another thing', 'release.json', '[]', 'release.json is not a release file'],
    [
      'the release has no artifact',
      'release.json',
      JSON.stringify({ ...release, artifacts: [] }),
      'lists no artifact',
    ],
    [
      'the environment is a list',
      'environment.json',
      '[1]',
      'environment.json is not a JSON object',
    ],
    ['the environment is too large', 'environment.json', factsJson(1001), 'it has 1001 facts'],
    ['the round is another thing', 'round.json', '{}', 'round.json is not a round file'],
  ])('%s', async (claim, file, content, said) => {
    const folder = await begun(claim);
    await folder.write(file, content);
    const option = /^(?:environment|round)/.exec(file)?.[0];
    const extra = option === undefined ? [] : [`--${option}`, file];
    await expectRefused(folder, [...ARGS, ...extra], said);
  });

  test('a file is missing', async () => {
    const folder = await begun('missing');
    const args = [...ARGS, '--environment', 'none.json'];
    await expectRefused(folder, args, 'none.json: there is no such file');
  });

  test.each<[claim: string, out: string, said: string]>([
    ['the key would be overwritten', 'key.pem', 'is read by this command'],
    ['the key would be overwritten by a detour', './said/../link.pem', 'is read by this command'],
    ['its folder is not there', 'none/out.json', 'none/out.json: there is no such file'],
    ['it is a folder', 'said', 'no ordinary file'],
    ['it is a device', '/dev/null', 'no ordinary file'],
  ])('%s', async (claim, out, said) => {
    const folder = await begun(claim);
    await mkdir(join(folder.path, 'said'));
    await symlink('key.pem', join(folder.path, 'link.pem'));
    await expectRefused(folder, [...ARGS.slice(0, -1), out], said);
    expect(await folder.read('key.pem')).toBe(pemOfMaker('a'));
  });
});

describe.concurrent('--environment', () => {
  test('several hundred nested facts are signed as declared', async () => {
    const folder = await begun('environment');
    await folder.write('environment.json', factsJson(600));
    expect((await folder.run([...ARGS, '--environment', 'environment.json'])).exitCode).toBe(0);
    const { environment } = await resultIn(folder);
    expect(environment.source).toBe('declared');
    expect(Object.keys(environment.facts)).toHaveLength(600);
    expect(environment.facts).toMatchObject({ 'part7.deep.fact7': 7, 'part42.deep.fact42': 42 });
  });

  test('what could steer a terminal or break the signed form is made harmless', async () => {
    const folder = await begun('hostile environment');
    const hostile =
      '{"a\\u001b[2J": "\\u202e\\ud800", "big": 1e999, "list": [{"x": 1}], "null": null}';
    await folder.write('environment.json', hostile);
    expect((await folder.run([...ARGS, '--environment', 'environment.json'])).exitCode).toBe(0);
    const { facts } = (await resultIn(folder)).environment;
    expect(facts).toEqual({ 'a [2J': ' \ufffd', big: 'Infinity', list: '[{"x":1}]', null: null });
  });
});

describe.concurrent('--round', () => {
  test('binds the result to the round', async () => {
    const folder = await begun('round');
    const round = roundOf(release, { ann: ['a'], ben: ['b'] });
    await folder.write('round.json', round);
    expect((await folder.run([...ARGS, '--round', 'round.json'])).exitCode).toBe(0);
    expect((await resultIn(folder)).round).toBe(roundIdOf(unverifiedPayload(round)));
  });

  test.each<[claim: string, round: object, said: string]>([
    [
      'that does not invite the key',
      roundOf(release, { ben: ['b'], cem: ['c'] }),
      'does not invite builder',
    ],
    [
      'on another release',
      roundOf({ ...release, name: 'ic/other' }, { ann: ['a'] }),
      'is a round on release ic/other, not on',
    ],
    [
      'on another commit',
      roundOf(
        { ...release, source: { uri: null, digest: { gitCommit: 'f'.repeat(40) } } },
        { ann: ['a'] },
      ),
      'is a round on release',
    ],
    [
      'that is another statement',
      { ...roundOf(release, { ann: ['a'] }), payload: Buffer.from('{}').toString('base64') },
      'is not a round file',
    ],
  ])('%s is refused', async (claim, round, said) => {
    const folder = await begun(`round ${claim}`);
    await folder.write('round.json', round);
    await expectRefused(folder, [...ARGS, '--round', 'round.json'], said);
  });
});

/** A refusal says why, prints no data and leaves the folder as it was. */
async function expectRefused(folder: Folder, args: string[], said: string): Promise<void> {
  const before = await folder.names();
  const { exitCode, stdout, stderr } = await folder.run(args);
  expect(stderr).toContain(said);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(await folder.names()).toEqual(before);
  expect(stderr).not.toContain('    at ');
}

/** An environment of nested facts, as JSON. */
function factsJson(count: number): string {
  const facts = Array.from({ length: count }, (_, at) => [
    `part${at}`,
    { deep: { [`fact${at}`]: at } },
  ]);
  return JSON.stringify(Object.fromEntries(facts));
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signStatement, unverifiedPayload, type Envelope } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { Folder } from './folder.js';
import { built, maker, releaseOf, rosterOf } from './makers.js';
import { tallyOf } from './tally-json.js';

const release = releaseOf({ image: 'A' });
const ARGS = ['tally', '--release', 'release.json', '--roster', 'roster.json', '--threshold', '2'];
const THREE = { ann: ['a'], ben: ['b'], cem: ['c'] };

let all: Folder;
beforeAll(async () => {
  all = await Folder.make();
});
afterAll(async () => {
  await all.remove();
});

/** A folder with a release and a roster of three, where two agree already. */
async function begun(name: string): Promise<Folder> {
  const folder = await all.inner(name);
  await folder.write('release.json', release);
  await folder.write('roster.json', rosterOf(THREE));
  await folder.write('said/a.json', built('a', release, { image: 'A' }));
  await folder.write('said/b.json', built('b', release, { image: 'A' }));
  return folder;
}

function withPayload(envelope: Envelope, change: (statement: string) => string): Envelope {
  const statement = Buffer.from(unverifiedPayload(envelope)).toString('utf8');
  return { ...envelope, payload: Buffer.from(change(statement)).toString('base64') };
}

const honest = built('c', release, { image: 'A' });
const otherCommit = {
  ...release,
  source: { ...release.source, digest: { gitCommit: 'f'.repeat(40) } },
};

describe.concurrent('bad evidence is refused, listed and never counted', () => {
  test.each<[claim: string, bad: object | string, code: string]>([
    ['signed by another key', forgedBy('a'), 'BAD_SIGNATURE'],
    ['signed by a stranger', forgedBy('stranger'), 'BAD_SIGNATURE'],
    [
      'altered after signing',
      withPayload(honest, (text) => text.replace('"test"', '"tset"')),
      'BAD_SIGNATURE',
    ],
    ['of another release', built('c', releaseNamed('ic/other'), { image: 'A' }), 'WRONG_RELEASE'],
    ['of another source', built('c', otherCommit, { image: 'A' }), 'WRONG_RELEASE'],
    [
      'of a source that is told by fewer digests',
      built('c', { ...release, source: { ...release.source, digest: {} } }, { image: 'A' }),
      'WRONG_RELEASE',
    ],
    [
      'of one artifact under the name of another',
      built('c', { ...release, artifacts: [] }, { image: 'A' }),
      'MALFORMED_STATEMENT',
    ],
    [
      'with two signatures',
      { ...honest, signatures: [...honest.signatures, {}] },
      'MALFORMED_ENVELOPE',
    ],
    ['cut off', JSON.stringify(honest, null, 2).slice(0, 300), 'MALFORMED_ENVELOPE'],
    ['no statement', withPayload(honest, () => '{}'), 'MALFORMED_STATEMENT'],
    ['not even JSON', withPayload(honest, () => 'no'), 'MALFORMED_STATEMENT'],
    [
      'of a statement without artifacts',
      signStatement(noSubject(), maker('c')),
      'MALFORMED_STATEMENT',
    ],
  ])('%s', async (claim, bad, code) => {
    const folder = await begun(claim);
    await folder.write('said/bad.json', bad);
    const ended = await folder.run([...ARGS, '--json', 'said']);
    const { artifacts, counted, refused } = tallyOf(ended);
    expect(ended.exitCode).toBe(4);
    expect(refused).toMatchObject([{ file: 'said/bad.json', line: 1, code }]);
    expect(ended.stderr).toContain(`said/bad.json:1: refused: ${code}: `);
    expect(counted).toHaveLength(2);
    expect(artifacts[0]?.clusters[0]?.operators).toEqual(['ann', 'ben']);
  });
});

describe.concurrent('what is not evidence', () => {
  test('of a key outside the roster is listed apart and changes nothing', async () => {
    const folder = await begun('outside');
    await folder.write('said/x.json', built('stranger', release, { image: 'X' }));
    const ended = await folder.run([...ARGS, '--json', 'said']);
    const { artifacts, counted, outsideRoster } = tallyOf(ended);
    const { id } = maker('stranger');
    expect(outsideRoster).toEqual([{ file: 'said/x.json', line: 1, builder: id }]);
    expect([artifacts[0]?.verdict, artifacts[0]?.flags, counted.length]).toEqual([
      ...['reproduced', [], 2],
    ]);
    expect(ended.stderr).toContain(`builder ${id} is not on the roster`);
    expect(ended.exitCode).toBe(0);
  });

  test('of a rotated builder counts by the roster of its round, and the group’s own says why not', async () => {
    const folder = await begun('rotated');
    const { id } = maker('c');
    await folder.write('said/c.json', built('next of c', release, { image: 'A' }, { builder: id }));
    const before = await folder.run([...ARGS, '--json', 'said']);
    expect(tallyOf(before).refused).toMatchObject([{ code: 'BAD_SIGNATURE' }]);
    expect(before.exitCode).toBe(4);
    expect(before.stderr).toContain("a roster taken out of the round's RoundOpen");
    const publicKey = toBase64(maker('next of c').publicKey);
    const rotated = { operator: 'cem', builders: [{ builder: id, publicKey, keyIndex: 7 }] };
    const { operators } = rosterOf({ ann: ['a'], ben: ['b'] });
    await folder.write('roster.json', { operators: [...operators, rotated] });
    const after = await folder.run([...ARGS, '--json', 'said']);
    expect(tallyOf(after).artifacts[0]?.clusters[0]?.operators).toEqual(['ann', 'ben', 'cem']);
    expect(after.exitCode).toBe(0);
  });

  test('a statement that is no result is passed over', async () => {
    const folder = await begun('other kinds');
    const predicateType = 'https://slsa.dev/verification_summary/v1';
    const verdict = { ...noSubject(), predicateType, subject: [{ name: 'x' }] };
    await folder.write('said/verdict.json', signStatement(verdict, maker('c')));
    const ended = await folder.run([...ARGS, '--json', 'said']);
    expect(tallyOf(ended).otherStatements).toMatchObject([{ predicateType }]);
    expect(ended.exitCode).toBe(0);
  });

  test('nothing is claimed about attestations that are not there', async () => {
    const folder = await begun('omissions');
    const { stderr } = await folder.run([...ARGS, 'said']);
    expect(stderr).toContain('nothing is known of attestations that are not among these files');
  });
});

describe.concurrent('an unusable rule or file is refused before anything is counted', () => {
  test.each<[threshold: string, said: string]>([
    ['1', 'at least 2 have to agree'],
    ['2', 'more than half'],
    ['2/4', 'more than half'],
    ['5', 'can never be met'],
    ['0', 'is not a threshold'],
    ['two', 'is not a threshold'],
  ])('threshold %s of four', async (threshold, said) => {
    const folder = await begun(`threshold ${threshold}`);
    await folder.write('roster.json', rosterOf({ ...THREE, dan: ['d'] }));
    const args = [...ARGS.slice(0, -1), threshold, '--json', 'said'];
    const { exitCode, stdout, stderr } = await folder.run(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  test.each<[claim: string, file: string, content: string | object, said: string]>([
    ['a release that is not JSON', 'release.json', '{"name": ', 'release.json is not JSON'],
    ['a release without artifacts', 'release.json', { ...release, artifacts: [] }, 'no artifact'],
    [
      'a release with a short digest',
      'release.json',
      { ...release, artifacts: [{ name: 'x', path: 'x', expected: 'abc' }] },
      'artifacts[0].expected',
    ],
    [
      'a release with one path twice',
      'release.json',
      { ...release, artifacts: ['x', 'y'].map((name) => ({ name, path: 'z' })) },
      'two artifacts share one path',
    ],
    [
      'a release that leaves the folder',
      'release.json',
      { ...release, artifacts: [{ name: 'x', path: '../x' }] },
      'artifacts[0].path',
    ],
    ['a roster of nobody', 'roster.json', { operators: [] }, 'can never be met'],
    [
      'a roster with an unknown field',
      'roster.json',
      { ...rosterOf(THREE), threshold: 2 },
      'Unrecognized key: "threshold"',
    ],
    [
      'a roster with a private key',
      'roster.json',
      keyed('-----BEGIN PRIVATE KEY-----'),
      'private key',
    ],
    ['a roster with a key that is none', 'roster.json', keyed('no key'), 'operator ann with a key'],
    ['a roster with an operator twice', 'roster.json', twice('ann', 'ann'), 'DUPLICATE_OPERATOR'],
    [
      'a roster with a foreign id',
      'roster.json',
      { operators: [{ operator: 'ann', builders: [{ builder: 'b-b', publicKey: keyText('a') }] }] },
      'the roster lists builder b-b with the key of',
    ],
    ['an attestation file that holds none', 'said/a.json', '{}', ''],
  ])('%s', async (claim, file, content, said) => {
    const folder = await begun(claim);
    await folder.write(file, content);
    const { exitCode, stdout, stderr } = await folder.run([...ARGS, '--json', 'said/a.json']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said === '' ? 'said/a.json holds no attestation' : said);
    expect(stderr).not.toContain('    at ');
  });

  test.each<[claim: string, args: string[], said: string]>([
    ['a file that is not there', [...ARGS, 'none.json'], 'none.json: there is no such file'],
    [
      'a release that is a folder',
      ['tally', '--release', 'said', ...ARGS.slice(3), 'said'],
      'said: it is a folder',
    ],
    ['no attestation at all', ARGS, "missing required argument 'attestation'"],
    ['no threshold', [...ARGS.slice(0, -2), 'said'], "'--threshold <t>' not specified"],
    ['an unknown option', [...ARGS, '--treshold', '2', 'said'], 'Did you mean --threshold?'],
  ])('%s', async (claim, args, said) => {
    const folder = await begun(claim);
    const { exitCode, stdout, stderr } = await folder.run(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });
});

function forgedBy(name: string): Envelope {
  const statement: unknown = JSON.parse(Buffer.from(unverifiedPayload(honest)).toString('utf8'));
  return signStatement(statement as object, maker(name));
}

function releaseNamed(name: string): typeof release {
  return { ...release, name };
}

function noSubject(): object {
  const statement = JSON.parse(Buffer.from(unverifiedPayload(honest)).toString('utf8')) as object;
  return { ...statement, subject: [] };
}

function keyText(name: string): string {
  return Buffer.from(maker(name).publicKey).toString('base64');
}

function keyed(publicKey: string): object {
  const key = publicKey.padEnd(60, ' ');
  return { operators: [{ operator: 'ann', builders: [{ publicKey: key }] }] };
}

function twice(...operators: string[]): object {
  return {
    operators: operators.map((operator) => ({ operator, builders: [{ publicKey: keyText('a') }] })),
  };
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '#libs/attestation';
import { ExplainOutput } from '../../services/cli/src/explain/explain-output.js';
import type { Ended } from './command-line.js';
import { Folder } from './folder.js';
import { amendOf, built, digest, failed, maker, releaseOf, rosterOf, roundOf } from './makers.js';

const HOST = 'hostos/update-img';
const SETUP = 'setupos/disk-img';
const RELEASE = releaseOf({ [HOST]: 'A' });
const TEN = 'a b c d e f g h i j'.split(' ');

let folder: Folder;
beforeAll(async () => {
  folder = await Folder.make();
});
afterAll(async () => {
  await folder.remove();
});

/** Reads what `explain --json` printed, and refuses anything beside or outside of its schema. */
function explained({ stdout, stderr }: Ended): ExplainOutput {
  expect(stderr).not.toContain('    at ');
  const output = ExplainOutput.parse(JSON.parse(stdout));
  expect(output).toEqual(JSON.parse(stdout));
  return output;
}

/** A machine with hundreds of facts that differ from one to the next as if by chance. */
function declared(at: number, facts: Environment['facts']): Environment {
  const noise = Array.from({ length: 300 }, (_, i): [string, number] => [
    `noise.f${i.toString()}`,
    Number.parseInt(digest(`${i.toString()} of ${at.toString()}`).slice(-1), 16) % 2,
  ]);
  return { source: 'declared', facts: { ...Object.fromEntries(noise), ...facts }, withheld: [] };
}

/** Ten builders, `a` to `e` with one build and the others with another, on machines as given. */
async function tenIn(here: Folder, factsOf: (at: number) => Environment['facts']): Promise<void> {
  for (const [at, name] of TEN.entries()) {
    const head = { environment: declared(at, factsOf(at)) };
    await here.write(
      `said/${name}.json`,
      built(name, RELEASE, { [HOST]: at < 5 ? 'A' : 'B' }, head),
    );
  }
}

describe.concurrent('explain', () => {
  test('the fact that goes with the bytes comes first, among hundreds that do not', async () => {
    const here = await folder.inner('facts');
    await tenIn(here, (at) => ({ 'temp.block-size': at < 5 ? 4096 : 1024, 'cpu.count': 8 }));
    const ended = await here.run(['explain', '--json', 'said']);
    expect(ended.exitCode).toBe(0);
    const { artifacts, agreed, counted } = explained(ended);
    expect([artifacts.length, agreed, counted.length]).toEqual([1, [], 10]);
    const [split] = artifacts;
    expect(split).toMatchObject({ artifact: HOST, release: RELEASE.name });
    expect(split!.clusters.map(({ builders }) => builders.length)).toEqual([5, 5]);
    expect(split!.factsTried).toBe(302);
    const [first] = split!.separators;
    expect(first!.facts.map(({ name }) => name)).toContain('temp.block-size');
    expect(first).toMatchObject({ isPerfect: true, trivial: false });
    expect(first!.pValue).toBeCloseTo(2 / 252, 10);
    // Hundreds of facts were tried: numbers alone do not carry so small a round.
    expect(split!.conclusion).toBe('unexplained');
  });

  test('older releases of other machines lend strength to the newest', async () => {
    const here = await folder.inner('pooled');
    for (const [day, commit] of ['1', '2', '3'].entries()) {
      const source = { uri: null, digest: { gitCommit: commit.repeat(40) } };
      const release = { ...RELEASE, name: `ic/${commit.repeat(40)}`, source };
      for (const [at, name] of TEN.entries()) {
        const head = {
          environment: declared(at + 10 * day, { 'temp.block-size': at < 5 ? 4096 : 1024 }),
          finishedAt: `2026-01-0${(day + 1).toString()}T01:00:00Z`,
        };
        const bytes = { [HOST]: `${commit} ${at < 5 ? 'A' : 'B'}` };
        await here.write(`said/${commit}-${name}.json`, built(name + commit, release, bytes, head));
      }
    }
    const [older, , newest] = explained(await here.run(['explain', '--json', 'said'])).artifacts;
    expect(older).toMatchObject({ release: `ic/${'1'.repeat(40)}`, conclusion: 'unexplained' });
    expect(newest).toMatchObject({ release: `ic/${'3'.repeat(40)}`, conclusion: 'explained' });
    const [first] = newest!.separators;
    expect(first!.facts.map(({ name }) => name)).toEqual(['temp.block-size']);
    expect(first).toMatchObject({ rounds: 3, isPerfect: true });
    expect(first!.correctedP).toBeLessThan(0.01);
  });

  test('a sole dissenter makes everything of its own trivial', async () => {
    const here = await folder.inner('sole');
    for (const name of TEN.slice(0, 5)) {
      const facts = { 'os.release': name === 'e' ? '24.04' : '22.04', 'cpu.count': 8 };
      const environment = { source: 'declared' as const, facts, withheld: [] };
      const bytes = { [HOST]: name === 'e' ? 'B' : 'A' };
      await here.write(`said/${name}.json`, built(name, RELEASE, bytes, { environment }));
    }
    const [split] = explained(await here.run(['explain', '--json', 'said'])).artifacts;
    expect(split!.separators[0]).toMatchObject({ trivial: true });
    expect(split!.conclusion).toBe('unexplained');
    const { stdout } = await here.run(['explain', 'said']);
    expect(stdout).toContain(`${RELEASE.name}: ${HOST} has 2 clusters`);
    expect(stdout).toContain('os.release');
  });

  test('what all builders agree on, and how builds failed, is told beside', async () => {
    const here = await folder.inner('agreed');
    const both = releaseOf({ [HOST]: 'A', [SETUP]: 'S' });
    for (const name of 'ab')
      await here.write(`said/${name}.json`, built(name, both, { [HOST]: 'A', [SETUP]: name }));
    await here.write('said/c.json', failed('c', both, 'out-of-space'));
    const ended = await here.run(['explain', '--json', 'said']);
    const { artifacts, agreed, failures } = explained(ended);
    expect(artifacts.map(({ artifact }) => artifact)).toEqual([SETUP]);
    expect(agreed).toMatchObject([{ artifact: HOST, digest: digest('A') }]);
    expect(agreed[0]!.builders).toHaveLength(2);
    expect(failures).toMatchObject([{ class: 'out-of-space', builders: [maker('c').id] }]);
    expect(ended.exitCode).toBe(0);
  });

  test('a builder that tells two digests is taken for neither', async () => {
    const here = await folder.inner('contradiction');
    for (const name of 'ab')
      await here.write(`said/${name}.json`, built(name, RELEASE, { [HOST]: name }));
    for (const bytes of ['A', 'B']) {
      await here.write(`said/c-${bytes}.json`, built('c', RELEASE, { [HOST]: bytes }));
    }
    const ended = await here.run(['explain', '--json', 'said']);
    const { artifacts, selfContradicting } = explained(ended);
    expect(artifacts[0]!.clusters.flatMap(({ builders }) => builders)).not.toContain(maker('c').id);
    expect(selfContradicting).toMatchObject([{ artifact: HOST, builder: maker('c').id }]);
    expect(ended.stderr).toContain('tells 2 digests');
  });
});

describe.concurrent('signatures', () => {
  const tampered = (name: string): object => {
    const { payload, ...envelope } = built(name, RELEASE, { [HOST]: 'B' });
    const text = Buffer.from(payload, 'base64').toString().replace(digest('B'), digest('C'));
    return { payload: Buffer.from(text).toString('base64'), ...envelope };
  };

  async function withTampered(name: string): Promise<Folder> {
    const here = await folder.inner(name);
    for (const each of 'ab')
      await here.write(`said/${each}.json`, built(each, RELEASE, { [HOST]: each }));
    await here.write('said/c.json', tampered('c'));
    return here;
  }

  test.each(['roster', 'opening'])('a bad one is refused where a %s has the key', async (from) => {
    const here = await withTampered(`bad ${from}`);
    const operators = { ann: ['a'], ben: ['b'], cem: ['c'] };
    await here.write('roster.json', rosterOf(operators));
    if (from === 'opening') await here.write('said/open.json', roundOf(RELEASE, operators));
    const named = from === 'roster' ? ['--roster', 'roster.json'] : [];
    const ended = await here.run(['explain', '--json', ...named, 'said']);
    const { refused, counted } = explained(ended);
    expect(refused).toMatchObject([{ file: 'said/c.json', code: 'BAD_SIGNATURE' }]);
    expect(counted.map(({ isVerified }) => isVerified)).toEqual([true, true]);
    expect(ended.exitCode).toBe(4);
  });

  test('a bad one is refused, too, of a builder that an amendment invited', async () => {
    const here = await withTampered('bad amendment');
    const open = roundOf(RELEASE, { ann: ['a'], ben: ['b'] });
    await here.write('said/open.json', open);
    await here.write('said/amend.json', amendOf(open, { cem: ['c'] }));
    const ended = await here.run(['explain', '--json', 'said']);
    const { refused, counted } = explained(ended);
    expect(refused).toMatchObject([{ file: 'said/c.json', code: 'BAD_SIGNATURE' }]);
    expect(counted.map(({ isVerified }) => isVerified)).toEqual([true, true]);
    expect(ended.exitCode).toBe(4);
  });

  test('without any key it is said that none was looked at', async () => {
    const here = await withTampered('no key');
    const ended = await here.run(['explain', '--json', 'said']);
    expect(explained(ended).counted.every(({ isVerified }) => !isVerified)).toBe(true);
    expect(ended.stderr).toContain('3 signatures were not verified');
    expect(ended.exitCode).toBe(0);
  });

  test('a forged opening gives nobody the key of another', async () => {
    const here = await withTampered('forged');
    const open = roundOf(RELEASE, { ann: ['a'], ben: ['b'], cem: ['c'] });
    const text = Buffer.from(open.payload, 'base64').toString();
    const other = text.replaceAll(
      Buffer.from(maker('c').publicKey).toString('base64'),
      Buffer.from(maker('x').publicKey).toString('base64'),
    );
    await here.write('said/open.json', { ...open, payload: Buffer.from(other).toString('base64') });
    const { refused, counted } = explained(await here.run(['explain', '--json', 'said']));
    expect(refused).toEqual([]);
    expect(counted.every(({ isVerified }) => !isVerified)).toBe(true);
  });

  test('who is not on the roster does not count', async () => {
    const here = await withTampered('outside');
    await here.write('roster.json', rosterOf({ ann: ['a'], ben: ['b'] }));
    const ended = await here.run(['explain', '--json', '--roster', 'roster.json', 'said']);
    expect(explained(ended).outsideRoster).toMatchObject([{ builder: maker('c').id }]);
    expect(ended.exitCode).toBe(0);
  });
});

describe.concurrent('wrong usage', () => {
  test.each([
    [[], 'nothing to explain'],
    [['--artifact', 'a'], 'was given 1 file'],
    [['--artifact', 'a', 'b', 'c'], 'was given 3 files'],
    [['--artifact', 'missing', 'missing'], 'cannot read missing'],
    [['--artifact', '.', '.'], 'is no file'],
    [['missing.json'], 'cannot read missing.json'],
    [['--round', 'abcdef', '--roster', 'roster.json'], '--round is of a coordinator'],
  ])('%j is told as such', async (args, message) => {
    const here = await folder.inner(`usage ${args.join(' ')}`);
    const ended = await here.run(['explain', ...args]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});

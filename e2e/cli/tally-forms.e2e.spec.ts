import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { armor, type Envelope } from '#libs/attestation';
import { Folder } from './folder.js';
import { built, maker, releaseOf, rosterOf } from './makers.js';
import { tallyOf } from './tally-json.js';

const release = releaseOf({ image: 'A' });
const ARGS = ['tally', '--release', 'release.json', '--roster', 'roster.json', '--threshold', '2'];
const [ann, ben, cem] = (['a', 'b', 'c'] as const).map((name) =>
  built(name, release, { image: 'A' }),
) as [Envelope, Envelope, Envelope];

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
  await folder.write('roster.json', rosterOf({ ann: ['a'], ben: ['b'], cem: ['c'] }));
  return folder;
}

function quoted(text: string, mark = '> '): string {
  return text.replace(/^/gm, mark);
}

const line = (envelope: Envelope): string => JSON.stringify(envelope);
const THREAD = [
  'ann wrote:\n\nsame here\n',
  armor(ann),
  `ben wrote:\n\n${quoted(armor(ann))}\nagreed, mine is`,
  `\`\`\`text\n${armor(ben)}\`\`\``,
  quoted(armor(cem), '> > '),
].join('\n');

describe.concurrent('tally reads', () => {
  test.each<[claim: string, files: Record<string, string>, counted: string]>([
    ['an envelope a file', { 'a.json': line(ann), 'b.json': `${line(ben)}\n` }, 'ann ben'],
    ['an envelope that was made pretty', { 'a.json': JSON.stringify(ann, null, 2) }, 'ann'],
    ['JSON lines', { 'all.jsonl': `${[ann, ben, cem].map(line).join('\n')}\n` }, 'ann ben cem'],
    [
      'JSON lines with empty ones between',
      { 'all.jsonl': `${line(ann)}\r\n\n${line(ben)}` },
      'ann ben',
    ],
    ['a saved thread, quoted and fenced', { 'thread.md': THREAD }, 'ann ann ben cem'],
    ['a post with DOS line ends', { 'post.txt': armor(ann).replaceAll('\n', '\r\n') }, 'ann'],
    ['a post on one long line', { 'post.txt': armor(ann).replaceAll('\n', ' ') }, 'ann'],
    ['a post with typographic dashes', { 'post.txt': armor(ann).replaceAll('-----', '—–') }, 'ann'],
    ['what `attest --json` prints', { 'a.json': JSON.stringify({ envelope: ann }) }, 'ann'],
    [
      'what `round show --json` prints',
      { 'round.json': JSON.stringify({ attestations: [{ envelope: ann }, { envelope: ben }] }) },
      'ann ben',
    ],
  ])('%s', async (claim, files, counted) => {
    const folder = await begun(claim);
    for (const [name, text] of Object.entries(files)) await folder.write(name, text);
    const ended = await folder.run([...ARGS, '--json', ...Object.keys(files)]);
    const output = tallyOf(ended);
    expect(output.refused).toEqual([]);
    expect(output.counted.map(({ operator }) => operator).join(' ')).toBe(counted);
  });

  test('one attestation in a file, twice, and in a post counts once', async () => {
    const folder = await begun('repeated');
    await folder.write('a.json', ann);
    await folder.write('post.txt', quoted(armor(ann)));
    const ended = await folder.run([...ARGS, '--json', 'a.json', 'a.json', 'post.txt']);
    const { artifacts, counted } = tallyOf(ended);
    expect(new Set(counted.map(({ attestation }) => attestation)).size).toBe(1);
    expect(counted.map(({ file, line: at }) => `${file}:${at}`)).toEqual([
      ...['a.json:1', 'a.json:1', 'post.txt:1'],
    ]);
    expect(artifacts[0]?.clusters).toMatchObject([
      { operators: ['ann'], builders: [maker('a').id] },
    ]);
    expect([artifacts[0]?.verdict, ended.exitCode]).toEqual(['insufficient', 3]);
  });

  test('folders to their depth, and passes over what else they hold', async () => {
    const folder = await begun('folders');
    await folder.write('said/a.json', ann);
    await folder.write('said/deep/er/posts.txt', armor(ben));
    await folder.write('said/image.bin', '\u0000\u0001');
    await folder.write('said/README.md', 'each file has a "payloadType" and one signature');
    await folder.write('said/.git/c.json', cem);
    await folder.write('said/.c.json.draft', cem);
    await folder.write('elsewhere.json', cem);
    await symlink('../elsewhere.json', join(folder.path, 'said/linked.json'));
    await symlink('nowhere', join(folder.path, 'said/broken.json'));
    await symlink('/dev/zero', join(folder.path, 'said/zero.json'));
    const ended = await folder.run([...ARGS, '--json', 'said']);
    expect(tallyOf(ended).counted.map(({ file }) => file)).toEqual([
      ...['said/a.json', 'said/deep/er/posts.txt', 'said/linked.json'],
    ]);
    expect(ended.exitCode).toBe(0);
  });

  test('an empty folder as what it is: nobody has said anything', async () => {
    const folder = await begun('empty');
    await folder.write('said/.keep', '');
    const ended = await folder.run([...ARGS, '--json', 'said']);
    const [artifact] = tallyOf(ended).artifacts;
    expect([artifact?.verdict, artifact?.missing.length, ended.exitCode]).toEqual([
      ...['insufficient', 3, 3],
    ]);
    expect(ended.stderr).toContain('there was no attestation to count');
  });

  test.each<[claim: string, text: string, at: number, code: string]>([
    ['in a thread', `${armor(ann)}\n${armor(ben).slice(0, 300)}\n${armor(cem)}`, 0, 'NO_ARMOR'],
    [
      'in JSON lines',
      [line(ann), line(ben).slice(0, 99), line(cem)].join('\n'),
      2,
      'MALFORMED_ENVELOPE',
    ],
  ])('what stands around a broken one %s', async (claim, text, at, code) => {
    const folder = await begun(`broken ${claim}`);
    await folder.write('all.txt', text);
    const ended = await folder.run([...ARGS, '--json', 'all.txt']);
    const { counted, refused } = tallyOf(ended);
    expect(counted.map(({ operator }) => operator)).toEqual(['ann', 'cem']);
    const expectedLine = at === 0 ? armor(ann).split('\n').length + 1 : at;
    expect(refused).toMatchObject([{ file: 'all.txt', line: expectedLine, code }]);
    expect(ended.exitCode).toBe(4);
  });
});

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { sha256 } from '#libs/encoding';

/** What tar or debugfs tells of one thing. */
interface Entry {
  readonly facts: string;
  /** Of a folder: the names in it, as they lie. */
  readonly names: readonly string[];
}

/** What is in an update image, by location as people write it. */
export type Inventory = ReadonlyMap<string, Entry>;

/** Takes an update image apart without any part of the project: the truth that it is held against. */
export async function takeInventory(artifact: string, scratchDir: string): Promise<Inventory> {
  const dir = await mkdtemp(join(scratchDir, 'inventory-'));
  try {
    const { stdout } = await execa('tar', ['--zstd', ...LISTING, '-f', artifact]);
    const all = new Map<string, Entry>();
    const keep = (at: string, facts: string, names: readonly string[] = []) =>
      all.set(at, { facts, names });
    keep('the artifact itself', sha256(await readFile(artifact)));
    const archived = new Map(members(stdout));
    await execa('tar', ['--zstd', '-x', '-C', dir, '-f', artifact]);
    for (const name of await readdir(dir)) {
      keep(name, `${archived.get(name) ?? ''} ${sha256(await readFile(join(dir, name)))}`);
      if (!name.endsWith('.img')) continue;
      const inside = await files(join(dir, name), join(dir, `${name}.tree`));
      for (const [path, { facts, names }] of inside) keep(`${name} › ${path}`, facts, names);
    }
    return all;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Names what two inventories do not have alike. A name that is only in one makes no other order. */
export function differingLocations(left: Inventory, right: Inventory): string[] {
  const all = new Set([...left.keys(), ...right.keys()]);
  return [...all].filter((at) => !isAlike(left.get(at), right.get(at))).sort();
}

function isAlike(one: Entry | undefined, other: Entry | undefined): boolean {
  if (one === undefined || other === undefined || one.facts !== other.facts) return false;
  const common = (names: readonly string[], beside: readonly string[]) =>
    names.filter((name) => beside.includes(name)).join('/');
  return common(one.names, other.names) === common(other.names, one.names);
}

const LISTING = ['-t', '-v', '-R', '--full-time', '--numeric-owner'];

/** Each member's line, and how many blocks its content has in the archive: fewer, the more holes. */
function members(listing: string): [name: string, facts: string][] {
  const lines = [...listing.matchAll(/^block (\d+): (.*)$/gm)];
  return lines.slice(0, -1).map(([, at, line = ''], index) => {
    const blocks = Number(lines[index + 1]?.[1]) - Number(at);
    return [line.split(' ').at(-1) ?? '', `${line} ${blocks}`];
  });
}

/** The files of an ext4: mode, owner, size, attributes and content; a folder's names. */
async function files(image: string, tree: string): Promise<[path: string, entry: Entry][]> {
  await mkdir(tree);
  await debugfs(image, [`rdump / "${tree}"`]);
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const paths = [
    { path: '.', isFolder: true },
    ...entries.map((entry) => ({
      path: relative(tree, join(entry.parentPath, entry.name)),
      isFolder: entry.isDirectory(),
    })),
  ];
  const asked = paths.flatMap(({ path, isFolder }) => [
    `stat "/${path}"`,
    `ea_list "/${path}"`,
    ...(isFolder ? [`ls -p "/${path}"`] : []),
  ]);
  const answers = (await debugfs(image, asked)).split(/^debugfs: /m).slice(1);
  return Promise.all(
    paths.map(async ({ path, isFolder }) => {
      const told = answers.filter((answer) => answer.split('\n', 1)[0]?.includes(` "/${path}"`));
      const content = isFolder ? '' : sha256(await readFile(join(tree, path)));
      const facts = `${told.map(withoutPlaces).join('')}${content}`;
      return [path, { facts, names: told.flatMap(namesIn) }] as [string, Entry];
    }),
  );
}

/** Where something lies is no part of it: numbers of inodes and blocks, and checksums over them. */
function withoutPlaces(answer: string): string {
  return answer
    .replaceAll(/^Inode: \d+/gm, '')
    .replaceAll(/^Inode checksum: .*$/gm, '')
    .replaceAll(/^EXTENTS:\n.*$/gm, '')
    .replaceAll(LISTED, '');
}

function namesIn(answer: string): string[] {
  return [...answer.matchAll(LISTED)].map(([, name = '']) => name);
}

/** A line of `ls -p`: inode, mode, owner, group, name and size. */
const LISTED = /^\/\d+\/\d+\/\d+\/\d+\/(.*)\/\d*\/\n?/gm;

async function debugfs(image: string, commands: readonly string[]): Promise<string> {
  const script = `${image}.commands`;
  await writeFile(script, `${commands.join('\n')}\n`);
  const { stdout } = await execa('debugfs', ['-f', script, image], { env: { PAGER: 'cat' } });
  await rm(script);
  return stdout;
}

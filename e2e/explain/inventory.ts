import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { sha256 } from '#libs/encoding';

/** What is in an update image, by location as people write it, told by tar and debugfs. */
export type Inventory = ReadonlyMap<string, string>;

/** Takes an update image apart without any part of the project: the truth that it is held against. */
export async function takeInventory(artifact: string, scratchDir: string): Promise<Inventory> {
  const dir = await mkdtemp(join(scratchDir, 'inventory-'));
  try {
    const { stdout } = await execa('tar', ['--zstd', ...LISTING, '-f', artifact]);
    const all = new Map<string, string>([
      ['the artifact itself', sha256(await readFile(artifact))],
    ]);
    for (const [name, facts] of members(stdout)) all.set(name, facts);
    await execa('tar', ['--zstd', '-x', '-C', dir, '-f', artifact]);
    for (const name of await readdir(dir)) {
      all.set(name, `${all.get(name) ?? ''} ${sha256(await readFile(join(dir, name)))}`);
      if (!name.endsWith('.img')) continue;
      for (const [path, facts] of await files(join(dir, name), join(dir, `${name}.tree`))) {
        all.set(`${name} › ${path}`, facts);
      }
    }
    return all;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Names what two inventories do not have alike. */
export function differingLocations(left: Inventory, right: Inventory): string[] {
  const all = new Set([...left.keys(), ...right.keys()]);
  return [...all].filter((location) => left.get(location) !== right.get(location)).sort();
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

/** The files of an ext4: mode, owner, size, attributes and content; a folder's names as they lie. */
async function files(image: string, tree: string): Promise<[path: string, facts: string][]> {
  await mkdir(tree);
  await debugfs(image, [`rdump / "${tree}"`]);
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({
    path: relative(tree, join(entry.parentPath, entry.name)),
    isFolder: entry.isDirectory(),
  }));
  const asked = paths.flatMap(({ path, isFolder }) => [
    `stat "/${path}"`,
    `ea_list "/${path}"`,
    ...(isFolder ? [`ls -p "/${path}"`] : []),
  ]);
  const answers = (await debugfs(image, asked)).split(/^debugfs: /m).slice(1);
  return Promise.all(
    paths.map(async ({ path, isFolder }) => {
      const told = answers.filter((answer) =>
        answer.slice(0, answer.indexOf('\n')).includes(`"/${path}"`),
      );
      const content = isFolder ? '' : sha256(await readFile(join(tree, path)));
      return [path, `${told.map(withoutPlaces).join('')}${content}`] as [string, string];
    }),
  );
}

/** Where something lies is no part of it: numbers of inodes and blocks, and checksums over them. A folder has names. */
function withoutPlaces(answer: string): string {
  return answer
    .replaceAll(/^Inode: \d+/gm, '')
    .replaceAll(/^Inode checksum: .*$/gm, '')
    .replaceAll(/^EXTENTS:\n.*$/gm, '')
    .replaceAll(/^\/\d+\/\d+\/\d+\/\d+\/(.*)\/\d*\/$/gm, '$1');
}

async function debugfs(image: string, commands: readonly string[]): Promise<string> {
  const script = `${image}.commands`;
  await writeFile(script, `${commands.join('\n')}\n`);
  const { stdout } = await execa('debugfs', ['-f', script, image], { env: { PAGER: 'cat' } });
  await rm(script);
  return stdout;
}

import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { openFileSource } from '../byte-source.js';
import { type Ext4Contents, type Ext4Member, type Ext4Reading, readExt4 } from './index.js';

/** Nothing of the machine gets into these images: its clock, its configuration, its user. */
const ENVIRONMENT = {
  E2FSPROGS_FAKE_TIME: '1700000000',
  E2FSCK_TIME: '1700000000',
  UNIX_IO_NOZEROOUT: '1',
  MKE2FS_CONFIG: '/dev/null',
  MKE2FS_SKIP_PROGRESS: '1',
};

/** Not in the search path of users that are not root. */
export const SBIN = '/sbin';

export const UUID = '01010101-0000-4000-8000-000000000000';
export const HASH_SEED = '02020202-0000-4000-8000-000000000000';

/** Bytes that do not repeat, the same on every run. */
export function noise(bytes: number, seed: string): Buffer {
  const blocks: Buffer[] = [];
  for (let index = 0; index * 32 < bytes; index += 1) {
    blocks.push(createHash('sha256').update(`${seed} ${index}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** What {@link writeTree} writes that has a content, by path. */
export const FILES: Readonly<Record<string, Buffer>> = {
  'etc/hostname': Buffer.from('node-1\n'),
  'etc/empty': Buffer.alloc(0),
  'etc/a file of spaces': Buffer.from('1'),
  'etc/Überschrift': Buffer.from('2'),
  'usr/bin/replica': noise(300_000, 'replica'),
  'usr/bin/exactly-one-block': noise(4096, 'block'),
  'usr/share/small': noise(150, 'small'),
};
/** 40 pieces of 4 KiB in a file of 40 times 64 KiB and some more: more extents than fit an inode. */
const ISLANDS = 40;
const ISLAND_STEP = 65_536;
const SPARSE_BYTES = ISLANDS * ISLAND_STEP + 12_345;
export const LONG_TARGET = `/nowhere/${'x'.repeat(90)}`;
/** The longest that fits an inode, and the shortest that does not. */
export const TARGETS = ['y'.repeat(59), 'z'.repeat(60)];

export function sparseContent(): Buffer {
  const content = Buffer.alloc(SPARSE_BYTES);
  for (let index = 0; index < ISLANDS; index += 1) {
    noise(4096, `island ${index}`).copy(content, index * ISLAND_STEP);
  }
  return content;
}

/** A tree with files of all sizes, links of all kinds, and one directory of many names. */
export function writeTree(dir: string, names = 300): void {
  for (const folder of ['etc', 'usr/bin', 'usr/share', 'many', 'deep/er/and/deeper']) {
    mkdirSync(join(dir, folder), { recursive: true });
  }
  for (const [path, content] of Object.entries(FILES)) writeFileSync(join(dir, path), content);
  for (let index = 0; index < names; index += 1) {
    writeFileSync(join(dir, `many/name-${index}`), `${index}`);
  }
  linkSync(join(dir, 'usr/bin/replica'), join(dir, 'etc/replica'));
  symlinkSync('../usr/bin', join(dir, 'etc/bin'));
  symlinkSync(LONG_TARGET, join(dir, 'etc/long'));
  for (const [index, target] of TARGETS.entries())
    symlinkSync(target, join(dir, `etc/link-${index}`));
  const sparse = openSync(join(dir, 'usr/share/sparse'), 'w');
  for (let index = 0; index < ISLANDS; index += 1) {
    writeSync(sparse, noise(4096, `island ${index}`), 0, 4096, index * ISLAND_STEP);
  }
  ftruncateSync(sparse, SPARSE_BYTES);
  closeSync(sparse);
}

/** Makes an image of a tree; `options` go to mke2fs, `commands` to debugfs. */
export async function makeImage(
  image: string,
  options: readonly string[],
  { tree, size = '32M', commands = [] }: { tree?: string; size?: string; commands?: string[] } = {},
): Promise<void> {
  await writeFile(image, '');
  await execa('truncate', ['-s', size, image]);
  await execa(
    `${SBIN}/mke2fs`,
    [
      ...['-q', '-F', '-U', UUID, '-E', `hash_seed=${HASH_SEED},nodiscard,root_owner=0:0`],
      ...(tree === undefined ? [] : ['-d', tree]),
      ...[...options, image],
    ],
    { env: ENVIRONMENT },
  );
  if (commands.length > 0) await debugfs(image, commands, true);
}

/** Runs debugfs with a list of commands. It exits with 0 whatever happens: only stderr tells. */
export async function debugfs(image: string, commands: string[], writes = false): Promise<string> {
  const { stdout, stderr } = await execa(
    `${SBIN}/debugfs`,
    [...(writes ? ['-w'] : []), '-f', '-', image],
    {
      env: ENVIRONMENT,
      input: `${commands.join('\n')}\n`,
    },
  );
  const complaints = stderr.split('\n').filter((line) => !line.startsWith('debugfs 1'));
  if (complaints.join('').trim() !== '') throw new Error(complaints.join('\n'));
  return stdout;
}

/** Puts the names of all directories into hash trees, as a kernel would. */
export async function indexDirectories(image: string): Promise<void> {
  // Exit status 1 is for what was changed.
  await execa(`${SBIN}/e2fsck`, ['-f', '-y', '-D', image], { env: ENVIRONMENT, reject: false });
}

/** Everything that a reader tells of an image. */
export async function readImage(
  image: string,
  limits: Ext4Reading['limits'] = {},
): Promise<Ext4Contents & { members: Map<string, Ext4Member>; order: string[] }> {
  const source = openFileSource(image);
  try {
    const members = new Map<string, Ext4Member>();
    const order: string[] = [];
    const onMember = (member: Ext4Member): void => {
      members.set(member.path, member);
      order.push(member.path);
    };
    return { ...(await readExt4(source, { onMember, limits })), members, order };
  } finally {
    source.close();
  }
}

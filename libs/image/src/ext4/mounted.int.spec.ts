import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  debugfs,
  indexDirectories,
  makeImage,
  noise,
  readImage,
  SBIN,
  writeTree,
} from './images.fixture.js';

const BASE =
  'extent,flex_bg,64bit,extra_isize,filetype,sparse_super,ext_attr,dir_index,resize_inode';
const KINDS: [name: string, options: string[]][] = [
  [
    '4 KiB, journal',
    ['-b', '4096', '-O', `${BASE},has_journal,metadata_csum,large_file,huge_file`],
  ],
  ['1 KiB, no journal', ['-b', '1024', '-O', `${BASE},metadata_csum,inline_data`]],
];

let dir = '';
let canMount = false;
const at = (name: string): string => join(dir, name);

/** Has the kernel write into an image. */
async function whileMounted(image: string, work: (root: string) => Promise<void>): Promise<void> {
  mkdirSync(at('mnt'), { recursive: true });
  await execa('mount', ['-o', 'loop,user_xattr', image, at('mnt')]);
  try {
    await work(at('mnt'));
  } finally {
    await execa('umount', [at('mnt')]);
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ext4-mounted-'));
  await makeImage(at('probe'), ['-b', '4096'], { size: '8M' });
  canMount = await whileMounted(at('probe'), () => Promise.resolve()).then(
    () => true,
    () => false,
  );
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

/** What the kernel says of everything below a folder. */
function listing(root: string): Map<string, Record<string, unknown>> {
  const found = new Map<string, Record<string, unknown>>();
  const paths = readdirSync(root);
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const status = lstatSync(join(root, path), { bigint: true });
    const folder = path;
    if (status.isDirectory()) {
      paths.push(...readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
    }
    const content = status.isFile() ? { content: readFileSync(join(root, path)) } : {};
    found.set(path, {
      mode: (Number(status.mode) & 0o7777).toString(8).padStart(4, '0'),
      ...{ uid: Number(status.uid), gid: Number(status.gid) },
      ...{ mtime: timeText(status.mtimeNs), ctime: timeText(status.ctimeNs) },
      ...(status.isFile() && {
        size: Number(status.size),
        content: createHash('sha256').update(content.content!).digest('hex'),
      }),
    });
  }
  return found;
}

function timeText(nanoseconds: bigint): number | string {
  const rest = nanoseconds % 1_000_000_000n;
  const whole = Number(nanoseconds / 1_000_000_000n);
  return rest === 0n ? whole : `${whole}.${rest.toString().padStart(9, '0')}`;
}

describe.each(KINDS)('what a kernel wrote: %s', (name, options) => {
  test('is read as the kernel says it', async (context) => {
    if (!canMount) context.skip('loop devices cannot be mounted here');
    const image = at(`${name.replaceAll(' ', '-')}.img`);
    await makeImage(image, ['-I', '256', '-N', '6000', ...options], { size: '64M' });
    let said = new Map<string, Record<string, unknown>>();
    await whileMounted(image, async (root) => {
      writeTree(root, 2500);
      for (let index = 0; index < 2500; index += 3) rmSync(join(root, `many/name-${index}`));
      await execa('fallocate', ['-l', '3M', join(root, 'reserved')]);
      writeFileSync(join(root, 'reserved'), noise(70_000, 'start'), { flag: 'r+' });
      await execa('fallocate', ['--keep-size', '-l', '1M', join(root, 'etc/hostname')]);
      await execa('mknod', [join(root, 'null'), 'c', '1', '3']);
      await execa('sync', ['-f', root]);
      said = listing(root);
    });

    const { members, attributes } = await readImage(image);
    for (const [path, facts] of said) {
      const member = members.get(path);
      // Of the lowest path the others are links.
      if (member?.kind === 'hardlink') continue;
      expect(member?.attributes, path).toMatchObject(facts);
    }
    expect(members.size).toBe(said.size + 1);
    expect(members.get('many')?.attributes['order']).toMatch(/^[0-9a-f]{64}$/);
    expect(attributes['generations']).toMatch(/^[0-9a-f]{64}$/);
    expect(attributes['mount-count']).toBe(1);
    expect(await debugfs(image, ['htree_dump /many'])).toContain('Root node dump');
  });

  test('has the same members when its UUID is another one', async (context) => {
    if (!canMount) context.skip('loop devices cannot be mounted here');
    const image = at(`${name.replaceAll(' ', '-')}.img`);
    await indexDirectories(image);
    const before = await readImage(image);
    const uuid = '0a0a0a0a-0000-4000-8000-000000000000';
    await execa(`${SBIN}/tune2fs`, ['-U', uuid, image]);
    const after = await readImage(image);
    expect(after.attributes['uuid']).toBe(uuid);
    // tune2fs also counts free blocks anew, and empties inodes of deleted files: but no member differs.
    expect([...after.members.values()].map((member) => member.attributes)).toEqual(
      [...before.members.values()].map((member) => member.attributes),
    );
  });
});

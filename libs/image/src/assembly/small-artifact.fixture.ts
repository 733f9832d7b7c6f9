import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

const SECTOR = 512;
const ESP = { start: 2048, sectors: 4096 };
const ROOT = { start: 8192, sectors: 8192 };

/** Makes a GPT disk with a FAT and an ext4 partition: `disk.img`, and `VERSION.TXT`, in `dir`. */
export async function makeDisk(dir: string): Promise<string> {
  const tree = join(dir, 'tree');
  await mkdir(join(tree, 'etc'), { recursive: true });
  await writeFile(join(tree, 'etc/hostname'), 'builder\n');
  await writeFile(join(tree, 'notes'), 'a line of notes\n'.repeat(700));
  await writeFile(join(dir, 'VERSION.TXT'), `${'a'.repeat(40)}\n`);
  await execa('gzip', ['--no-name', '--keep', join(tree, 'notes')]);
  const [esp, root, disk] = [join(dir, 'esp.img'), join(dir, 'root.img'), join(dir, 'disk.img')];
  await writeFile(esp, '');
  await truncate(esp, ESP.sectors * SECTOR);
  await execa('mkfs.fat', ['-n', 'EFI', '-i', '12345678', esp]);
  await execa('mmd', ['-i', esp, '::/EFI']);
  await execa('mcopy', ['-i', esp, join(tree, 'etc/hostname'), '::/EFI/a long file name.txt']);
  await execa('mcopy', ['-i', esp, join(tree, 'notes'), '::/NOTES']);
  await writeFile(root, '');
  await truncate(root, ROOT.sectors * SECTOR);
  await execa('mke2fs', ['-q', '-t', 'ext4', '-d', tree, root]);
  await writeFile(disk, '');
  await truncate(disk, 9 * 1024 ** 2);
  const script = [
    'label: gpt',
    `start=${ESP.start}, size=${ESP.sectors}, type=U, name=esp`,
    `start=${ROOT.start}, size=${ROOT.sectors}, type=L, name=root`,
  ];
  await execa('sfdisk', ['--quiet', disk], { input: script.join('\n') });
  for (const [image, { start }] of [
    [esp, ESP],
    [root, ROOT],
  ] as const) {
    await execa('dd', [`if=${image}`, `of=${disk}`, 'bs=512', `seek=${start}`, 'conv=notrunc']);
  }
  return disk;
}

/** Archives them, by the options of tar, and gives the archive's path. */
export async function archive(dir: string, name: string, ...options: string[]): Promise<string> {
  const path = join(dir, name);
  await execa('tar', [...options, '--create', '--file', path, 'disk.img', 'VERSION.TXT'], {
    cwd: dir,
  });
  return path;
}

/** Reads where partitions lie in the disk that {@link makeDisk} makes, in bytes. */
export const PLACES = {
  esp: [ESP.start * SECTOR, ESP.sectors * SECTOR],
  root: [ROOT.start * SECTOR, ROOT.sectors * SECTOR],
} as const;

/** Reads a file whole. */
export async function bytesOf(path: string): Promise<Buffer> {
  return readFile(path);
}

import { cp, mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { createNoise } from '../verify/noise.js';

/** How large an image is, and what it holds. */
export interface ImageScale {
  readonly imageBytes: number;
  readonly files: number;
}

/** Two artifacts of one image, but for one byte of one file; and the trees that are in them. */
export interface ImagePair {
  readonly artifacts: readonly [string, string];
  readonly trees: readonly [string, string];
  /** The second image as it is, neither packed nor compressed. */
  readonly image: string;
  /** The file that is not the same in both, as in a manifest. */
  readonly path: string;
}

/** What files of the trees are called. */
export const FILE_NAMES = /usr\/lib\/package-\d+\/file-\d+\.so/g;

const FILES_A_FOLDER = 250;
/** Of the image, so that there is room for what a filesystem needs itself. */
const FILLED = 0.6;
const MARK = 'the one line in which the images differ';

/**
 * Makes a filesystem of many files, each half noise and half text, as programs are, by `mke2fs -d`; a
 * second one with another byte; and an archive of each as builders publish them, `.tar.zst`.
 */
export async function makeImagePair(
  dir: string,
  { imageBytes, files }: ImageScale,
): Promise<ImagePair> {
  const tree = join(dir, 'tree');
  const path = await fillTree(tree, files, (imageBytes * FILLED) / files);
  const image = join(dir, 'root.img');
  await writeFile(image, '');
  await truncate(image, imageBytes);
  await execa('mke2fs', [
    '-q',
    '-t',
    'ext4',
    '-N',
    String(Math.ceil(files * 1.1) + 100),
    '-d',
    tree,
    image,
  ]);
  const left = await pack(dir, 'left');
  await changeOneByte(image);
  const right = await pack(dir, 'right');
  const other = join(dir, 'other-tree');
  await cp(tree, other, { recursive: true, preserveTimestamps: true });
  const text = await readFile(join(other, path), 'latin1');
  await writeFile(join(other, path), text.replace(MARK, `T${MARK.slice(1)}`), 'latin1');
  return { artifacts: [left, right], trees: [tree, other], image, path };
}

/** Returns the path of the file that has the mark in it. */
async function fillTree(tree: string, files: number, meanBytes: number): Promise<string> {
  const noise = createNoise('files');
  const text = 'a library of some package, built from its source on this machine\n'.repeat(10_000);
  const marked = Math.floor(files / 2);
  const pathOf = (at: number): string => {
    const folder = Math.floor(at / FILES_A_FOLDER);
    return `usr/lib/package-${folder}/file-${at % FILES_A_FOLDER}.so`;
  };
  for (let at = 0; at < files; at += 1) {
    const path = join(tree, pathOf(at));
    if (at % FILES_A_FOLDER === 0) await mkdir(dirname(path), { recursive: true });
    // Many small ones and some large ones: most files of a system have less than the mean.
    const bytes = Math.ceil((meanBytes * (1 + (at % 7) ** 2)) / 14);
    const content = [noise(Math.ceil(bytes / 2)), Buffer.from(text.slice(0, bytes / 2))];
    await writeFile(path, Buffer.concat(at === marked ? [Buffer.from(MARK), ...content] : content));
  }
  return pathOf(marked);
}

async function pack(dir: string, name: string): Promise<string> {
  const [tar, packed] = [join(dir, `${name}.tar`), join(dir, `${name}.tar.zst`)];
  const options = ['--sparse', '--hole-detection=raw', '--mtime=@0', '--directory', dir];
  await execa('tar', ['--create', '--file', tar, ...options, 'root.img']);
  await execa('zstd', ['--quiet', '--rm', tar, '-o', packed]);
  return packed;
}

/** Sets one letter of the mark in the image to a capital. */
async function changeOneByte(image: string): Promise<void> {
  const file = await open(image, 'r+');
  try {
    const window = Buffer.alloc(4 * 1024 ** 2);
    const step = window.length - MARK.length;
    for (let at = 0; ; at += step) {
      const { bytesRead } = await file.read(window, 0, window.length, at);
      const found = window.subarray(0, bytesRead).indexOf(MARK);
      if (found !== -1) {
        await file.write(Buffer.from(MARK.slice(0, 1).toUpperCase()), 0, 1, at + found);
        return;
      }
      if (bytesRead < window.length) throw new Error('the marked file is not in the image');
    }
  } finally {
    await file.close();
  }
}

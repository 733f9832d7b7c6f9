import type { TreeFile } from '../../world/ic-mini/fast-import.js';
import type { Scale } from './scale.js';
import { createSourceText } from './source-text.js';

const AUTHOR = 'Bench <bench@ic-mini.example>';
const FIRST_TIME_SECONDS = 1_700_000_000;
const COMMIT_EVERY_SECONDS = 600;
/** Each edit replaces this part of a file. */
const EDITED_SHARE = 1 / 4;
/** Files lie as deep as the real ones: a change writes a tree for each folder above it. */
const FILES_PER_CRATE = 20;
const CRATES_PER_AREA = 15;
/** Shares no factor with the number of files, so commits reach all of them in turn. */
const STRIDE = 7919;

/**
 * Writes a history as a `git fast-import` stream: a tree of text files, and commits that edit some
 * of them. Text packs as source code does; a version packs to its difference from the next one, as
 * all versions of one file come in a row. `extra` files are in every commit.
 *
 * Source: git-fast-import(1), "Input format"
 */
export function* historyStream(scale: Scale, extra: readonly TreeFile[]): Generator<Buffer> {
  const textOf = createSourceText('history');
  const changes = changesOf(scale);
  const marks = new Map<string, number>();
  for (const [file, commits] of changes.entries()) {
    // Newest first, as git packs: the newest version lies whole, and the others differ from it.
    let text = textOf(scale.fileBytes);
    // Too small to differ from: nothing of this file is packed as a difference from the one before.
    yield Buffer.from(`blob\ndata ${`${file}`.length}\n${file}\n`);
    for (const commit of commits.toReversed()) {
      text = edited(text, textOf, commit);
      marks.set(`${commit} ${file}`, marks.size + 1);
      yield Buffer.concat([
        Buffer.from(`blob\nmark :${marks.size}\ndata ${text.byteLength}\n`),
        text,
        Buffer.from('\n'),
      ]);
    }
  }
  const filesOf = Array.from({ length: scale.commits }, (): number[] => []);
  for (const [file, commits] of changes.entries()) {
    for (const commit of commits) filesOf[commit]?.push(file);
  }
  for (const [commit, files] of filesOf.entries()) {
    const changed = files.map(
      (file) => `M 100644 :${marks.get(`${commit} ${file}`) ?? 0} ${pathOf(file)}\n`,
    );
    const inline = commit === 0 ? extra.map(inlineFile) : [];
    yield Buffer.from([header(commit), ...inline, ...changed, '\n'].join(''));
  }
}

/** For each file the commits that change it; the first one makes all of them. */
function changesOf(scale: Scale): readonly (readonly number[])[] {
  const changes = Array.from({ length: scale.files }, () => new Set([0]));
  for (let commit = 1; commit < scale.commits; commit += 1) {
    for (let at = 0; at < scale.filesPerCommit; at += 1) {
      changes[((commit * scale.filesPerCommit + at) * STRIDE) % scale.files]?.add(commit);
    }
  }
  return changes.map((commits) => [...commits]);
}

function edited(text: Buffer, textOf: (bytes: number) => Buffer, commit: number): Buffer {
  const bytes = Math.floor(text.byteLength * EDITED_SHARE);
  const copy = Buffer.from(text);
  textOf(bytes).copy(copy, (commit * STRIDE) % (text.byteLength - bytes));
  return copy;
}

function header(commit: number): string {
  const time = `${AUTHOR} ${FIRST_TIME_SECONDS + commit * COMMIT_EVERY_SECONDS} +0000`;
  const message = `change ${commit}\n`;
  return (
    `commit refs/heads/master\nauthor ${time}\ncommitter ${time}\n` +
    `data ${message.length}\n${message}`
  );
}

function inlineFile({ path, executable, content }: TreeFile): string {
  const text = Buffer.from(content).toString('latin1');
  return `M ${executable ? '100755' : '100644'} inline ${path}\ndata ${text.length}\n${text}\n`;
}

function pathOf(file: number): string {
  const crate = Math.floor(file / FILES_PER_CRATE);
  return `rs/area-${Math.floor(crate / CRATES_PER_AREA)}/crate-${crate}/src/file-${file}.rs`;
}

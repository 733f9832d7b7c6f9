/** One file of a commit. */
export interface TreeFile {
  /** Path from the root of the repository, with `/`. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Uint8Array;
}

/** One commit to be imported. */
export interface ImportedCommit {
  readonly branch: string;
  readonly message: string;
  readonly timeSeconds: number;
  /** A commit id, or `:1` for the first commit of the same import. */
  readonly parent?: string;
  /** Files that are new or changed against the parent. */
  readonly files: readonly TreeFile[];
  /** Files of the parent that are gone. */
  readonly removed?: readonly string[];
}

const AUTHOR = 'IC-OS Release <release@ic-mini.example>';

/**
 * Writes commits as a `git fast-import` stream that prints each commit's id, one a line. Author,
 * time and modes are part of the input, so an id depends on content and on nothing else.
 *
 * Source: git-fast-import(1), "Input format"
 */
export function fastImportStream(commits: readonly ImportedCommit[]): Buffer {
  const parts = commits.flatMap((commit, index) => {
    const mark = `:${index + 1}`;
    const identity = `${AUTHOR} ${commit.timeSeconds} +0000`;
    return [
      `commit refs/heads/${commit.branch}\nmark ${mark}\n`,
      `author ${identity}\ncommitter ${identity}\n`,
      ...data(Buffer.from(`${commit.message}\n`)),
      ...(commit.parent ? [`from ${commit.parent}\n`] : []),
      ...(commit.removed ?? []).map((path) => `D ${path}\n`),
      ...commit.files.flatMap((file) => [
        `M ${file.executable ? '100755' : '100644'} inline ${file.path}\n`,
        ...data(file.content),
      ]),
      `\nget-mark ${mark}\n`,
    ];
  });
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function data(content: Uint8Array): (string | Uint8Array)[] {
  return [`data ${content.byteLength}\n`, content, '\n'];
}

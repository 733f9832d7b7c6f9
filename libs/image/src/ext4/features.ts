import { ImageError } from '../error.js';

const COMPATIBLE: readonly (string | null)[] = [
  ...['dir_prealloc', 'imagic_inodes', 'has_journal', 'ext_attr', 'resize_inode', 'dir_index'],
  ...['lazy_bg', null, 'snapshot_bitmap', 'sparse_super2', 'fast_commit', 'stable_inodes'],
  ...['orphan_file'],
];
const INCOMPATIBLE: readonly (string | null)[] = [
  ...['compression', 'filetype', 'needs_recovery', 'journal_dev', 'meta_bg', null, 'extent'],
  ...['64bit', 'mmp', 'flex_bg', 'ea_inode', null, 'dirdata', 'metadata_csum_seed', 'large_dir'],
  ...['inline_data', 'encrypt', 'casefold'],
];
const READ_ONLY: readonly (string | null)[] = [
  ...['sparse_super', 'large_file', null, 'huge_file', 'uninit_bg', 'dir_nlink', 'extra_isize'],
  ...[null, 'quota', 'bigalloc', 'metadata_csum', 'replica', 'read-only', 'project'],
  ...['shared_blocks', 'verity', 'orphan_present'],
];

/** Features of which this reader could give only a wrong account. */
const UNSUPPORTED = new Set(['compression', 'journal_dev', 'dirdata', 'shared_blocks']);

/** What a filesystem says that it uses, by the names of e2fsprogs. */
export class Features {
  private readonly names: ReadonlySet<string>;

  constructor(compatible: number, incompatible: number, readOnly: number) {
    this.names = new Set([
      ...namesOf(compatible, COMPATIBLE, 'FEATURE_C'),
      ...namesOf(incompatible, INCOMPATIBLE, 'FEATURE_I'),
      ...namesOf(readOnly, READ_ONLY, 'FEATURE_R'),
    ]);
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** All of them, unknown ones by the number of their bit. */
  toString(): string {
    return [...this.names].join(' ');
  }

  /**
   * Refuses what would be read wrongly.
   *
   * @throws ImageError UNSUPPORTED
   */
  check(): void {
    for (const name of this.names) {
      // A reader may go on with unknown features of the two other kinds, by their definition.
      if (!UNSUPPORTED.has(name) && !name.startsWith('FEATURE_I')) continue;
      throw new ImageError('UNSUPPORTED', `a filesystem with the feature ${name} cannot be read`);
    }
  }
}

function namesOf(bits: number, names: readonly (string | null)[], prefix: string): string[] {
  const found: string[] = [];
  for (let bit = 0; bit < 32; bit += 1) {
    if ((bits >>> bit) & 1) found.push(names[bit] ?? `${prefix}${bit}`);
  }
  return found;
}

import { hash } from 'node:crypto';
import { compareText, quote } from '#libs/encoding';
import type { NodeKind } from '#libs/manifest';
import { type ByteSource, MemoryByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import type { PassedFiles } from '../passed-files.js';
import type { Claims } from './claims.js';
import type { ContentBudget } from './content-budget.js';
import { contentDigest, holesDigest, readSlack, type SlackVisitor } from './content-digest.js';
import { openInode, RunsByteSource } from './file-source.js';
import { FLAG, type Inode } from './inode.js';
import { inlineData } from './inline-data.js';
import { malformed } from './malformed.js';
import type { Ext4Member } from './member.js';
import { type Draft, inodeAttributes, targetText } from './member-attributes.js';
import { feedMapBlock } from './residue/map-block.js';
import type { Residue } from './residue/residue.js';
import { feedXattrBlock } from './residue/xattr-region.js';
import { type Runs, runsOf } from './runs.js';
import type { Tree } from './tree.js';
import type { Volume } from './volume.js';
import { XattrReader } from './xattr-reader.js';

/** The longest target of a link: Linux keeps it in one block. */
const MAX_TARGET_BYTES = 64 * 1024;

/** Makes members of inodes that have names, and accounts for the blocks that they have. */
export class MemberReader {
  private readonly xattrs: XattrReader;
  private readonly xattrBlocks = new Set<number>();

  constructor(
    private readonly volume: Volume,
    private readonly tree: Tree,
    private readonly claims: Claims,
    private readonly residue: Residue,
    private readonly budget: ContentBudget,
    private readonly passed?: PassedFiles,
  ) {
    this.xattrs = new XattrReader(volume);
  }

  /**
   * Makes the members that are the names of one inode: under its lowest path it is what it is, the
   * others are hard links to that one.
   *
   * @throws ImageError MALFORMED_FILESYSTEM, UNSUPPORTED, TRUNCATED, TOO_LARGE
   */
  *read(inode: Inode, names: string | string[]): Generator<null, readonly Ext4Member[]> {
    const paths = typeof names === 'string' ? [names] : names.toSorted(compareText);
    const [path = ''] = paths;
    const kind = this.kindOf(inode, path);
    const attributes = yield* this.attributes(inode, kind);
    if (paths.length > 1) attributes['links'] = paths.length;
    const isFile = kind === 'file';
    const open = (): ByteSource =>
      isFile
        ? openInode(this.volume, this.volume.inode(inode.number))
        : new MemoryByteSource(Buffer.alloc(0));
    const others = paths.slice(1);
    return [
      { path, kind, attributes, open, isPlain: this.passed?.digestOf(inode.number) !== undefined },
      ...others.map((other) => hardLink(other, path, open)),
    ];
  }

  private kindOf(inode: Inode, path: string): NodeKind {
    const { kind } = inode;
    if (kind === null) throw malformed(`${quote(path)} is of no known type`);
    // A directory was entered because of what its name said of it: both have to agree.
    if ((kind === 'directory') !== this.tree.orders.has(inode.number)) {
      throw malformed(`${quote(path)} is called something else than it is`);
    }
    if (inode.has(FLAG.ENCRYPT)) throw new ImageError('UNSUPPORTED', `${quote(path)} is encrypted`);
    return kind;
  }

  private *attributes(inode: Inode, kind: NodeKind): Generator<null, Draft> {
    const draft = inodeAttributes(inode);
    const order = this.tree.orders.get(inode.number);
    if (order !== undefined) draft['order'] = order;
    for (const [name, value] of this.xattrs.read(inode)) draft[name] = value;
    const block = inode.attributeBlock;
    if (block !== 0 && !this.xattrBlocks.has(block)) {
      this.xattrBlocks.add(block);
      feedXattrBlock(this.volume, block, this.claims, this.residue);
    }
    if (kind === 'file') yield* this.content(inode, draft);
    if (kind === 'symlink') draft['target'] = this.target(inode);
    return draft;
  }

  private *content(inode: Inode, draft: Draft): Generator<null, void> {
    if (inode.has(FLAG.INLINE_DATA)) {
      draft['content'] = hash('sha256', inlineData(this.volume, inode));
      return;
    }
    const runs = this.runs(inode);
    this.budget.take(inode.sizeBytes, runs.storedBytes);
    const holes = holesDigest(runs);
    if (holes !== undefined) draft['holes'] = holes;
    const passed = this.passed?.digestOf(inode.number);
    if (passed === undefined) {
      draft['content'] = yield* contentDigest(this.volume.source, runs, this.slackOf(inode));
      return;
    }
    draft['content'] = passed;
    const slack = this.passed?.slackOf(inode.number);
    if (slack !== undefined) this.slackOf(inode)(slack);
  }

  private target(inode: Inode): string {
    if (inode.sizeBytes > MAX_TARGET_BYTES) {
      throw malformed(`a link of ${inode.sizeBytes} bytes`);
    }
    if (inode.isFastSymlink) return targetText(inode.blockArea.subarray(0, inode.sizeBytes));
    if (inode.has(FLAG.INLINE_DATA)) return targetText(inlineData(this.volume, inode));
    const runs = this.runs(inode);
    const target = new RunsByteSource(this.volume.source, runs).read(0, inode.sizeBytes);
    const text = targetText(target);
    readSlack(this.volume.source, runs, this.slackOf(inode));
    return text;
  }

  /** Finds where the bytes of an inode lie, and claims those blocks. */
  private runs(inode: Inode): Runs {
    const what = `inode ${inode.number}`;
    return runsOf(this.volume, inode, {
      mapping: (block, kind) => {
        this.claims.claim(block, 1, what);
        feedMapBlock(this.volume, inode, block, kind, this.residue);
      },
      data: (_logical, physical, count) => {
        this.claims.claim(physical, count, what);
      },
    });
  }

  private slackOf(inode: Inode): SlackVisitor {
    return (bytes) => {
      this.residue.rest.add('slck', inode.number, bytes);
    };
  }
}

function hardLink(path: string, target: string, open: () => ByteSource): Ext4Member {
  return { path, kind: 'hardlink', attributes: { target }, open };
}

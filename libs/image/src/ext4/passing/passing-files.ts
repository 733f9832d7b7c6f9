import type { Sha256 } from '#libs/encoding';
import type { HashThread } from '../../beside/hash-thread.js';
import type { ForgetfulSink } from '../../content-sink.js';
import type { PassedFiles } from '../../passed-files.js';
import { PassedDigests } from './passed-digests.js';
import { PassingFile } from './passing-file.js';
import { PassingTables } from './passing-tables.js';

/** Of what lies behind the files' ends so much is kept in memory: of honest images it is zeros. */
const MAX_SLACK_BYTES = 8 * 1024 ** 2;

/**
 * Hashes the files of an ext4 filesystem while it streams by, so that their bytes need not be kept: its
 * tables of inodes come before the files of their groups. Everything else is given on as it is, and so
 * are files in several pieces, with holes, without a name, and those that are containers themselves.
 *
 * Nothing is judged here. A file that has no digest in the end, or of which bytes are wanted that were
 * let go, is one that an honest filesystem does not have.
 *
 * Bounds: each byte is hashed once; memory for 500,000 files, some 200 bytes each.
 */
export class PassingFiles implements ForgetfulSink, PassedFiles {
  readonly #tables = new PassingTables();
  readonly #digests = new PassedDigests();
  readonly #slack = new Map<number, Buffer>();
  /** Files of whose ends too much would have to be kept. */
  readonly #dropped = new Set<number>();
  #slackBytes = 0;
  #at = 0;
  #file: PassingFile | null = null;

  constructor(
    private readonly to: ForgetfulSink,
    private readonly thread: HashThread | null = null,
  ) {}

  data(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const rest = bytes.subarray(at);
      const file = this.#fileHere();
      let taken: number;
      if (file === null) {
        taken = this.#tables.plainBytes(this.#at, rest.length);
        const plain = rest.subarray(0, taken);
        this.#tables.take(this.#at, plain);
        this.to.data(plain);
      } else {
        taken = file.data(rest, this.to);
      }
      this.#go(taken);
      at += taken;
    }
  }

  hole(lengthBytes: number): void {
    for (let left = lengthBytes; left > 0;) {
      const file = this.#fileHere();
      let taken: number;
      if (file === null) {
        taken = this.#tables.plainBytes(this.#at, left);
        this.#tables.hole(this.#at, taken);
        this.to.hole(taken);
      } else {
        taken = file.hole(left, this.to);
      }
      this.#go(taken);
      left -= taken;
    }
  }

  forget(bytes: Buffer): void {
    this.data(bytes);
  }

  /** Says that no more comes. */
  end(): void {
    this.#file?.giveUp(this.to);
    this.#file = null;
  }

  digestOf(inode: number): Sha256 | undefined {
    return this.#dropped.has(inode) ? undefined : this.#digests.get(inode);
  }

  slackOf(inode: number): Buffer | undefined {
    return this.#slack.get(inode);
  }

  readonly #beside = (inode: number, bytes: Buffer): boolean =>
    this.thread?.offer(inode, bytes, this.#digests) === true;

  #fileHere(): PassingFile | null {
    if (this.#file !== null) return this.#file;
    const run = this.#tables.runAt(this.#at);
    if (run !== null) this.#file = new PassingFile(run, this.#tables.blockBytes, this.#beside);
    return this.#file;
  }

  #go(bytes: number): void {
    this.#at += bytes;
    const file = this.#file;
    if (file?.isDone !== true) return;
    this.#file = null;
    const { inode, digest, slack } = file;
    if (digest !== null) this.#digests.set(inode, digest);
    if (slack === null) return;
    this.#slackBytes += slack.length;
    if (this.#slackBytes > MAX_SLACK_BYTES) this.#dropped.add(inode);
    else this.#slack.set(inode, slack);
  }
}

import type { Sha256 } from '#libs/encoding';
import type { Container, ContainerForm, PageSink } from '#libs/manifest';
import type { HashThread } from '../beside/hash-thread.js';
import type { ByteSource } from '../byte-source.js';
import type { ImageErrorCode } from '../error.js';
import { PEEK_BYTES, recognise } from '../recognise.js';
import type { Budget } from './budget.js';
import { readCompressed } from './compressed.js';
import { ContainerNodes } from './container-nodes.js';
import type { ContentFacts, Context } from './context.js';
import { readDisk } from './disk.js';
import { readExt4Container } from './ext4-container.js';
import { readFatContainer } from './fat-container.js';
import { hashSource, piecesOf } from './hash-source.js';
import { readLvmContainer } from './lvm-container.js';
import { refusalOf } from './refusal.js';
import { Spool } from './spool.js';
import { TarIntake } from './tar-intake.js';

/** Reads whatever lies within an artifact, however deep, and makes the pages of all of it. */
export class Assembler implements Context {
  constructor(
    readonly sink: PageSink,
    readonly budget: Budget,
    private readonly spoolDir: string,
    readonly isForgetful: boolean,
    readonly thread: HashThread | null,
  ) {}

  spool(): Spool {
    return new Spool(this.spoolDir, this.budget.takeSpool);
  }

  nodes(): ContainerNodes {
    return new ContainerNodes(this.sink, this.budget);
  }

  formAt(head: Buffer, depth: number): ContainerForm | null {
    return depth < this.budget.limits.maxDepth ? recognise(head) : null;
  }

  async describe(source: ByteSource, depth: number, content?: string): Promise<ContentFacts> {
    const head = source.read(0, Math.min(source.sizeBytes, PEEK_BYTES));
    const form = this.formAt(head, depth);
    let unread: ImageErrorCode | null = null;
    if (form !== null) {
      try {
        const inside = await this.#read(form, source, depth);
        return { attributes: content === undefined ? {} : { content }, inside };
      } catch (error) {
        // A limit of the whole, or the caller: that is no refusal of this part.
        this.budget.checkOn();
        unread = refusalOf(error);
      }
    }
    if (content === undefined && depth > 0) this.budget.takeBytes(source.sizeBytes);
    const digest = content ?? (await this.#hash(source));
    return { attributes: { content: digest, ...(unread !== null && { unread }) } };
  }

  async #read(form: ContainerForm, source: ByteSource, depth: number): Promise<Container> {
    this.budget.checkOn();
    switch (form) {
      case 'gzip':
      case 'zstd':
        this.#takeHoles(source);
        return readCompressed(this, form, source, depth + 1);
      case 'tar':
        this.#takeHoles(source);
        return this.#readTar(source, depth + 1);
      case 'gpt':
        return readDisk(this, source, depth + 1);
      case 'ext4':
        return readExt4Container(this, source, depth + 1);
      case 'fat':
        return readFatContainer(this, source, depth + 1);
      case 'lvm':
        return readLvmContainer(this, source, depth + 1);
    }
  }

  async #hash(source: ByteSource): Promise<Sha256> {
    this.#takeHoles(source);
    return hashSource(source, this.budget.checkOn);
  }

  /** Before a source is read as a whole: a sparse one of any size costs nothing to send. */
  #takeHoles(source: ByteSource): void {
    this.budget.takeHoles(source.holeBytes?.(0, source.sizeBytes) ?? 0);
  }

  async #readTar(source: ByteSource, depth: number): Promise<Container> {
    const intake = new TarIntake(this, depth);
    try {
      for await (const piece of piecesOf(source)) {
        this.budget.checkOn();
        intake.data(piece);
        await intake.settle();
      }
      return await intake.end();
    } finally {
      intake.abandon();
    }
  }
}

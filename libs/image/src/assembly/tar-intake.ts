import { type Container, OrderDigest } from '#libs/manifest';
import type { ContentSink } from '../content-sink.js';
import type { TarMemberHead } from '../tar/member-head.js';
import { type MemberContent, TarWalker } from '../tar/tar-walker.js';
import { UniquePaths } from '../tar/unique-paths.js';
import type { ContainerNodes } from './container-nodes.js';
import type { ContentFacts, Context } from './context.js';
import { Intake } from './intake.js';

const ZEROS = Buffer.alloc(64 * 1024);

interface Pending {
  readonly intake: Intake;
  readonly add: (facts: ContentFacts) => void;
}

/** Takes in an archive as it comes: small members are hashed on the way, images read once whole. */
export class TarIntake implements ContentSink {
  readonly #walker = new TarWalker((head) => this.#begin(head));
  readonly #nodes: ContainerNodes;
  readonly #order = new OrderDigest();
  readonly #paths = new UniquePaths();
  #open: Intake | null = null;
  #pending: Pending[] = [];

  constructor(
    private readonly context: Context,
    /** Of the members. */
    private readonly depth: number,
  ) {
    this.#nodes = context.nodes();
  }

  data(bytes: Buffer): void {
    this.#walker.push(bytes);
  }

  hole(lengthBytes: number): void {
    for (let left = lengthBytes; left > 0; left -= ZEROS.length) {
      this.#walker.push(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
    }
  }

  /**
   * Reads the members that came whole since the last time, so that what they keep on disk goes, and
   * brings the one that is coming up to where the archive is.
   */
  async settle(): Promise<void> {
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      next.add(await next.intake.end());
    }
    await this.#open?.settle();
  }

  async end(): Promise<Container> {
    await this.settle();
    const { format, trailingBytes, globalHeaders } = this.#walker.end();
    return this.#nodes.container('tar', {
      format,
      trailing: trailingBytes,
      order: this.#order.value(),
      ...(globalHeaders !== null && { header: globalHeaders }),
    });
  }

  abandon(): void {
    this.#open?.abandon();
    for (const { intake } of this.#pending) intake.abandon();
    this.#pending = [];
  }

  #begin(head: TarMemberHead): MemberContent {
    this.#order.add(head.path);
    const path = this.#paths.take(head.path);
    const attributes =
      path === head.path ? head.attributes : { ...head.attributes, repeated: head.path };
    const intake = new Intake(this.context, { depth: this.depth, isTarStreamed: false });
    this.#open = intake;
    const isFile = head.kind === 'file';
    return {
      data: (bytes) => {
        intake.data(bytes);
      },
      hole: (lengthBytes) => {
        intake.hole(lengthBytes);
      },
      end: (padding) => {
        this.#open = null;
        const more = { ...attributes, ...(padding !== null && { rest: padding }) };
        const add = (facts: ContentFacts): void => {
          const { inside } = facts;
          this.#nodes.add({
            path,
            kind: head.kind,
            attributes: isFile ? { ...more, ...facts.attributes } : more,
            ...(isFile && inside !== undefined && { inside }),
          });
        };
        if (!isFile) add({ attributes: {} });
        else if (intake.isWaiting) this.#pending.push({ intake, add });
        else add(intake.facts());
      },
    };
  }
}

import {
  type Attributes,
  type Container,
  type ContainerForm,
  ManifestError,
  type ManifestNode,
  MembersWriter,
  type PageSink,
} from '#libs/manifest';
import { ImageError } from '../error.js';
import type { Budget } from './budget.js';

/** Collects the members of one container, and counts them. */
export class ContainerNodes {
  readonly #members: MembersWriter;

  constructor(
    sink: PageSink,
    private readonly budget: Budget,
  ) {
    this.#members = new MembersWriter(sink);
  }

  /** @throws ImageError CORRUPT for what a manifest cannot hold, TOO_MANY_MEMBERS */
  add(node: ManifestNode): void {
    this.budget.takeNode();
    asImage(() => {
      this.#members.add(node);
    });
  }

  /** @throws ImageError MEMBER_REPEATED */
  container(form: ContainerForm, attributes: Attributes): Container {
    return asImage(() => ({ form, attributes, ...this.#members.finish() }));
  }
}

function asImage<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
    const code = cause.code === 'REPEATED_PATH' ? 'MEMBER_REPEATED' : 'CORRUPT';
    throw new ImageError(code, cause.message, { cause });
  }
}

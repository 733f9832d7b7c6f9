import type { Location } from '#libs/manifest';
import type { Section } from './elf.js';
import type { FactValue } from '../explanation.js';

/** A thing that differs, and the digest that it has on either side, in lower-case hex. */
export interface KnownDigest {
  readonly location: Location;
  readonly left: string | null;
  readonly right: string | null;
}

/** When one side was built: seconds since 1970, both ends included. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** What is known beside the bytes. All of it may be missing, as on two files without a history. */
export interface ClassifyContext {
  /** Only times within these, a day added at both ends, are taken for the builds' own. */
  readonly times?: { readonly left: TimeSpan; readonly right: TimeSpan };
  /** Of all that differs, here and in artifacts that this one goes with. */
  readonly digests?: readonly KnownDigest[];
  /** The node that is looked at, which cannot hold its own digest; `classify` sets it. */
  readonly own?: Location;
  /** Of the left file, where it is an ELF. */
  readonly sections?: readonly Section[];
  /** The two builders' facts, salted digests included: a mask for an equal fact is no trace. */
  readonly facts?: {
    readonly left: Readonly<Record<string, FactValue>>;
    readonly right: Readonly<Record<string, FactValue>>;
  };
}

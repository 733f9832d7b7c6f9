import { compress, type Coding } from '../serving/codings.js';

/** A file that pages load, under a name that changes with its bytes. */
export class Asset {
  private readonly forms = new Map<Coding, Promise<Buffer>>();

  constructor(
    readonly bytes: Buffer,
    /** Media type. */
    readonly type: string,
  ) {}

  /** Gives the file compressed: once for everybody. */
  coded(coding: Coding): Promise<Buffer> {
    const known = this.forms.get(coding);
    if (known !== undefined) return known;
    const made = compress(this.bytes, coding, 'kept');
    this.forms.set(coding, made);
    return made;
  }
}

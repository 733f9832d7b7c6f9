import {
  chooseCoding,
  compress,
  isCompressible,
  LEAST_CODED_BYTES,
  type Coding,
} from './codings.js';
import { codedTag, isKnown } from './entity-tag.js';

/** An answer to one GET, with what is to be sent again. */
export interface Answer {
  /** Without those of one request, and of the body's form: length, coding, tag. */
  readonly headers: readonly (readonly [string, string])[];
  readonly type: string;
  readonly tag: string;
  readonly body: Buffer;
}

/** What goes out. */
export interface SentAnswer {
  readonly status: 200 | 304;
  /** Names and values in turn, as Node takes them. */
  readonly headers: readonly string[];
  /** Bytes; a short body as text of which each character is a byte (latin1). */
  readonly body: Buffer | string | null;
}

/** As much of a request as its answer's form depends on. */
export interface Asked {
  readonly 'accept-encoding'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/** A moment at which what an answer is made of was looked at. */
export interface Checked {
  /** Milliseconds of the steady clock. */
  readonly atMs: number;
  /** How much this process had written by then. */
  readonly commits: number;
}

/** Node sends text along with the headers, in one piece; bytes go out as a second one. */
const MOST_TEXT_BYTES = 8_192;

/** An answer that is kept, in each coding that somebody asked for. */
export class KeptAnswer {
  private readonly forms = new Map<Coding | null, SentAnswer>();
  private readonly unchanged: SentAnswer;
  private readonly isCoded: boolean;

  constructor(
    private readonly answer: Answer,
    /** What it was made of; null for one that never changes. */
    readonly version: string | null,
    /** When that was so. */
    public checked: Checked,
  ) {
    const { body, type, tag } = answer;
    this.isCoded = body.length >= LEAST_CODED_BYTES && isCompressible(type);
    this.forms.set(null, this.form(null, body));
    this.unchanged = { status: 304, headers: [...this.shared(), 'etag', tag], body: null };
  }

  /** Memory that it takes, about. */
  get sizeBytes(): number {
    return 2_048 + 2 * this.answer.body.length;
  }

  /** Gives what to send; a promise only where a coding is asked for the first time. */
  send(asked: Asked): SentAnswer | Promise<SentAnswer> {
    if (isKnown(asked['if-none-match'], this.answer.tag)) return this.unchanged;
    const coding = this.isCoded ? chooseCoding(asked['accept-encoding']) : null;
    return this.forms.get(coding) ?? this.make(coding);
  }

  private async make(coding: Coding | null): Promise<SentAnswer> {
    const { body } = this.answer;
    const form = this.form(coding, coding === null ? body : await compress(body, coding, 'kept'));
    this.forms.set(coding, form);
    return form;
  }

  private form(coding: Coding | null, body: Buffer): SentAnswer {
    const { type, tag } = this.answer;
    const headers = [...this.shared(), 'content-type', type, 'etag', codedTag(tag, coding)];
    if (coding !== null) headers.push('content-encoding', coding);
    return {
      ...{ status: 200, headers: [...headers, 'content-length', `${body.length}`] },
      body: body.length > MOST_TEXT_BYTES ? body : body.toString('latin1'),
    };
  }

  private shared(): string[] {
    return this.answer.headers.flat();
  }
}

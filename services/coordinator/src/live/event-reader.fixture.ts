import { RoundEvent } from '#libs/contracts';

/** An event as it came. */
export interface ReadEvent {
  readonly id: string | null;
  readonly name: string;
  readonly data: RoundEvent;
}

/** A reader of one stream: it notes what comes, until the stream ends or it leaves. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  /** Resolves once the stream is over. */
  readonly ended: Promise<void>;
  private readonly leaving = new AbortController();
  private text = '';

  private constructor(
    readonly response: Response,
    leave: AbortController,
  ) {
    this.leaving = leave;
    this.ended = this.read().catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const leave = new AbortController();
    return new EventReader(await fetch(url, { headers, signal: leave.signal }), leave);
  }

  /** Everything of one kind, in order. */
  of<K extends RoundEvent['kind']>(kind: K): readonly Extract<RoundEvent, { kind: K }>[] {
    return this.events.flatMap(({ data }) =>
      data.kind === kind ? [data as Extract<RoundEvent, { kind: K }>] : [],
    );
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await this.ended;
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.response.body ?? []) {
      this.text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = this.text.split('\n\n');
      this.text = blocks.pop() ?? '';
      this.events.push(...blocks.flatMap(parse));
    }
  }
}

function parse(block: string): readonly ReadEvent[] {
  const field = (name: string): string | null =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? null;
  const data = field('data');
  if (data === null) return [];
  const read = { id: field('id'), name: field('event') ?? '' };
  return [{ ...read, data: RoundEvent.parse(JSON.parse(data)) }];
}

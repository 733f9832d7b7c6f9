import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { Client } from 'pg';

/** A statement as a server was sent it. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether its connection keeps it planned, perhaps for any values. */
  readonly isPrepared: boolean;
}

/** Names in a request what its statements are to be noted under. */
export const OBSERVED = 'x-observed';
const REQUESTS = 'http.server.request.start';

/** Statements that servers of this process run for requests, by what those name in {@link OBSERVED}. */
export class ObservedStatements {
  private readonly seen = new Map<string, Map<string, Statement>>();
  private readonly request = new AsyncLocalStorage<string>();
  private restore: (() => void) | null = null;

  /** Begins to look at what every connection of this process is sent; {@link stop} has to follow. */
  start(): void {
    const begin = (message: unknown): void => {
      const { headers } = (message as { readonly request: IncomingMessage }).request;
      this.request.enterWith(String(headers[OBSERVED] ?? ''));
    };
    subscribe(REQUESTS, begin);
    const prototype = Client.prototype as unknown as Record<
      'query',
      (...sent: unknown[]) => unknown
    >;
    const { query } = prototype;
    const note = this.note.bind(this);
    prototype.query = function (...sent) {
      note(sent);
      return query.apply(this, sent);
    };
    this.restore = () => {
      prototype.query = query;
      unsubscribe(REQUESTS, begin);
    };
  }

  stop(): void {
    this.restore?.();
  }

  /** Gives the different statements that were run under a name. */
  of(name: string): readonly Statement[] {
    return [...(this.seen.get(name)?.values() ?? [])];
  }

  private note([sent, given]: readonly unknown[]): void {
    const name = this.request.getStore() ?? '';
    if (name === '') return;
    const {
      text,
      values,
      name: prepared,
    } = typeof sent === 'string'
      ? { text: sent, values: given, name: undefined }
      : (sent as { text: string; values?: unknown; name?: string });
    const statements = this.seen.get(name) ?? new Map<string, Statement>();
    this.seen.set(name, statements);
    statements.set(text, {
      ...{ text, values: Array.isArray(values) ? values : [] },
      isPrepared: prepared !== undefined,
    });
  }
}

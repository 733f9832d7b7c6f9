import { AsyncLocalStorage } from 'node:async_hooks';

/** What a line is about. */
export interface LogFields {
  /** A round's whole id. */
  readonly round?: string | undefined;
  readonly builder?: string | undefined;
}

const current = new AsyncLocalStorage<LogFields>();

/** Does something, and has every line that is logged meanwhile, however deep, say what it is about. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return current.run({ ...current.getStore(), ...fields }, work);
}

/** What a line that is logged now is about. */
export function logFields(): LogFields {
  return current.getStore() ?? {};
}

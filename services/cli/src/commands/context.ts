import { Api } from '../api.js';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: true;
  readonly coordinator: string;
}

/** Opens the API that the global options name. */
export function apiOf({ coordinator }: GlobalOptions): Api {
  return new Api(coordinator);
}

import { Api } from './api.js';

/** Options of every command that asks a coordinator. */
export interface AskOptions {
  readonly json?: true;
  readonly coordinator: string;
}

/** Opens the API that the options name. */
export function apiOf({ coordinator }: AskOptions): Api {
  return new Api(coordinator);
}

import { findToken } from '../access/find-token.js';
import { Api } from './api.js';

/** Options of every command that asks a coordinator. */
export interface AskOptions {
  readonly json?: true;
  readonly coordinator: string;
  readonly tokenFile?: string;
}

/** Opens the API that the options name; a token is looked for once something is to be changed. */
export function apiOf({ coordinator, tokenFile }: AskOptions): Api {
  return new Api(coordinator, async (url) =>
    findToken({ coordinator: url, tokenFile, environment: process.env }),
  );
}

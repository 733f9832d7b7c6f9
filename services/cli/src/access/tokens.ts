import { z } from 'zod';
import {
  accessTokenLine,
  AccessScope,
  AccessTokenList,
  AccessTokenView,
  CreatedToken,
  ROUTES,
  TOKEN_DAYS,
  type CreateToken,
} from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';
import { apiOf, type AskOptions } from '../round/api-of.js';
import { printData, printJson, say } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';
import { tellOnce } from './tell-once.js';

/** Options of `coordinator token create`, as its definition names them. */
export interface CreateTokenOptions extends AskOptions {
  readonly scope: readonly string[];
  readonly label: string;
  readonly days: string;
  /** New file for what would be printed. */
  readonly out?: string;
}

/** Has the coordinator make a token; it is told this once: in a file, or alone on stdout. */
export async function createToken(options: CreateTokenOptions): Promise<void> {
  const { out, json } = options;
  const request = tokenRequestOf(options);
  const created = await tellOnce(
    async () => apiOf(options).post(ROUTES.tokens, request, CreatedToken),
    {
      ...{ out, isJson: json === true, text: ({ token }) => token },
      lost: ({ view }) =>
        `token ${view.id} was made, and told to nobody: end it by \`repro-quorum coordinator token revoke ${view.id}\``,
    },
  );
  say(`token ${created.view.id} is valid until ${created.view.expiresAt}; it is not shown again`);
}

/**
 * Checks what was typed and makes the request of it.
 *
 * @throws CommandError usage
 */
export function tokenRequestOf({ scope, label, days }: CreateTokenOptions): CreateToken {
  const scopes = z.array(AccessScope).safeParse(scope.flatMap((each) => each.split(',')));
  if (!scopes.success) {
    throw new CommandError(
      EXIT.usage,
      `${JSON.stringify(scope.join(','))} names no scopes`,
      `expected some of ${AccessScope.options.join(', ')}`,
    );
  }
  return { scopes: scopes.data, label, days: wholeNumber(days, '--days', 1, TOKEN_DAYS.most) };
}

/** Lists all tokens, newest first, one a line. */
export async function listTokens(options: AskOptions): Promise<void> {
  const list = await apiOf(options).getAsMember(ROUTES.tokens, AccessTokenList);
  if (options.json === true) {
    printJson(list);
    return;
  }
  const now = new Date();
  for (const token of list.tokens) printData(accessTokenLine(token, now));
  if (list.tokens.length === 0) say('there are no tokens');
}

/** Ends a token at once. */
export async function revokeToken(id: string, options: AskOptions): Promise<void> {
  const view = await apiOf(options).delete(
    `${ROUTES.tokens}/${encodeURIComponent(id)}`,
    AccessTokenView,
  );
  if (options.json === true) printJson(view);
  else say(`token ${view.id} is revoked`);
}

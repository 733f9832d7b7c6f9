import {
  InviteId,
  inviteId,
  InviteList,
  InviteStatus,
  InviteToken,
  InviteView,
  plain,
  ROUTES,
} from '#libs/contracts';
import { CommandError, EXIT } from '../../exit.js';
import { allPages, listPath } from '../../round/all-pages.js';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { printData, printJson, say } from '../../terminal.js';

/** Options of `builder invites`, as its definition names them. */
export interface InviteListOptions extends AskOptions {
  readonly status?: string;
}

/** Lists all invites that a coordinator keeps, one a line, those that end first at the top. @throws CommandError */
export async function listInvites(options: InviteListOptions): Promise<void> {
  const status = InviteStatus.optional().safeParse(options.status);
  if (!status.success) {
    throw new CommandError(
      EXIT.usage,
      `${JSON.stringify(options.status)} is no status of an invite`,
      `expected one of ${InviteStatus.options.join(', ')}`,
    );
  }
  const api = apiOf(options);
  const found = await allPages(
    listPath(ROUTES.invites, status.data),
    (path) => api.getAsMember(path, InviteList),
    (page) => page.invites,
  );
  const invites = found.toSorted((a, b) => a.expiresAt.localeCompare(b.expiresAt));
  if (options.json === true) {
    printJson({ invites });
    return;
  }
  for (const invite of invites) printData(inviteLine(invite));
  if (invites.length === 0) say('there are none: `builder invite --for WHOM` makes one');
}

/** Tells an invite in one line that steers no terminal. */
export function inviteLine({
  id,
  status,
  label,
  operatorKey,
  expiresAt,
  usedBy,
}: InviteView): string {
  const whose = operatorKey === null ? 'whoever has it' : `operator key ${operatorKey}`;
  const line = [
    ...[id, status.padEnd('withdrawn'.length), `until ${expiresAt.slice(0, 16)}Z`],
    usedBy === null ? whose : `let in ${usedBy}`,
    ...(label === null ? [] : [label]),
  ];
  return plain(line.join('  '), 400);
}

/** Takes an invite back. Of the word itself only its id goes out. @throws CommandError */
export async function withdrawInvite(invite: string, options: AskOptions): Promise<void> {
  const id = InviteToken.safeParse(invite).success ? inviteId(invite) : invite;
  if (!InviteId.safeParse(id).success) {
    throw new CommandError(
      EXIT.usage,
      'that is neither the id of an invite nor an invite',
      'expected 16 hex characters, as `builder invites` shows them, or rqi_…',
    );
  }
  const view = await apiOf(options).delete(`${ROUTES.invites}/${id}`, InviteView);
  if (options.json === true) printJson(view);
  else say(`invite ${view.id} is ${view.status}: nobody comes in by it`);
}

import { Invite, ROUTES, type MakeInvite } from '#libs/contracts';
import { readLabel, readPublicKey } from '../../keys/operator.js';
import { toBase64 } from '#libs/encoding';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { printData, printJson, say } from '../../terminal.js';
import { wholeNumber } from '../../whole-number.js';

/** Options of `builder invite`, as its definition names them. */
export interface InviteOptions extends AskOptions {
  readonly hours: string;
  readonly for?: string;
  readonly operatorPublic?: string;
}

/** Has the coordinator make an invite, and prints it. @throws CommandError */
export async function inviteBuilder(options: InviteOptions): Promise<void> {
  const { hours, for: label, operatorPublic } = options;
  const asked: MakeInvite = {
    seconds: 3600 * wholeNumber(hours, '--hours', 1, 720),
    ...(label !== undefined && { label: readLabel(label, '--for') }),
    ...(operatorPublic !== undefined && {
      operatorKey: toBase64(readPublicKey(operatorPublic, '--operator-public')),
    }),
  };
  const invite = await apiOf(options).post(ROUTES.invites, asked, Invite);
  if (options.json === true) printJson(invite);
  else printData(invite.invite);
  say(`it lets one builder in, once, until ${invite.expiresAt}, and is not shown again`);
  if (operatorPublic === undefined)
    say('whoever has it can use it: send it as you would a password');
  say(`to take it back: \`repro-quorum builder withdraw ${invite.id}\``);
}

import { z } from 'zod';
import type { CreateSubscription } from '#libs/contracts';
import { targetUnusable } from './subscription-problems.js';
import { readTarget } from './target-address.js';

const Address = z.email().max(254);
/** Source: Discord API, "Execute Webhook" */
const DISCORD =
  /^https:\/\/(?:[a-z]+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+$/;

/** What the settings say of where news may go. */
export interface TargetSettings {
  readonly allowed: readonly string[];
  readonly hasMail: boolean;
}

/**
 * Refuses a target that its channel cannot reach. Names are not looked up here: they are each time.
 *
 * @throws ProblemError target-unusable
 */
export function checkTarget(
  { channel, target }: Pick<CreateSubscription, 'channel' | 'target'>,
  { allowed, hasMail }: TargetSettings,
): void {
  if (channel === 'email') {
    if (!hasMail) throw targetUnusable('no mail is sent from here: set SMTP_URL and NEWS_FROM');
    if (!Address.safeParse(target).success) {
      throw targetUnusable('the target is no address of a mailbox: expected name@host');
    }
    return;
  }
  const read = readTarget(target, { allowed });
  if ('refused' in read) throw targetUnusable(read.refused);
  if (channel === 'discord' && read.lookup !== null && !DISCORD.test(target)) {
    throw targetUnusable(
      'the target is no webhook of Discord: expected https://discord.com/api/webhooks/ID/TOKEN',
    );
  }
}

/** What of a target may be shown: of a URL its origin alone, since its path often is a secret. */
export function shownTarget(channel: string, target: string): string {
  return channel === 'email' ? target : `${URL.parse(target)?.origin ?? ''}/…`;
}

import { z } from 'zod';
import {
  CreatedSubscription,
  CreateSubscription,
  ROUTES,
  type SubscriptionRules,
} from '#libs/contracts';
import { tellOnce } from '../access/tell-once.js';
import { CommandError, EXIT } from '../exit.js';
import { apiOf, type AskOptions } from '../round/api-of.js';
import { say } from '../terminal.js';

/** Options of `news add`, as its definition names them. */
export interface AddNewsOptions extends AskOptions {
  readonly label: string;
  readonly channel: string;
  readonly kinds?: string;
  readonly divergences?: true;
  readonly operators?: string;
  readonly builders?: string;
  readonly group?: string;
  /** New file for what would be printed. */
  readonly out?: string;
}

/**
 * Makes a subscription. The secret of a webhook is told this once: in a file, or alone on stdout.
 *
 * @throws CommandError
 */
export async function addNews(target: string, options: AddNewsOptions): Promise<void> {
  const { out, channel, json } = options;
  if (out !== undefined && channel !== 'webhook') {
    throw new CommandError(
      EXIT.usage,
      `--out is for the secret of a webhook, and --channel ${channel} has none`,
      'leave it out',
    );
  }
  const request = requestOf(target, options);
  const { subscription, secret } = await tellOnce(
    async () => apiOf(options).post(ROUTES.subscriptions, request, CreatedSubscription),
    {
      ...{ out, isJson: json === true, text: (made) => made.secret ?? made.subscription.id },
      lost: (made) =>
        `subscription ${made.subscription.id} was made, and told to nobody: end it by \`repro-quorum news remove ${made.subscription.id}\``,
    },
  );
  const told = secret === null ? '' : '; its secret is not shown again';
  say(`subscription ${subscription.id} is made${told}; try it: \`news ping ${subscription.id}\``);
}

/**
 * Checks what was typed and makes the request of it.
 *
 * @throws CommandError usage
 */
export function requestOf(target: string, options: AddNewsOptions): CreateSubscription {
  const { channel, label, kinds, divergences, operators, builders, group } = options;
  const picked = divergences === true ? 'divergence.found' : kinds;
  const rules: Record<keyof SubscriptionRules, unknown> = {
    ...{ kinds: listOf(picked), operators: listOf(operators), builders: listOf(builders), group },
  };
  const parsed = CreateSubscription.safeParse({ channel, target, label, rules });
  if (parsed.success) return parsed.data;
  throw new CommandError(EXIT.usage, `this cannot be asked for:\n${z.prettifyError(parsed.error)}`);
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').map((word) => word.trim());
}

import { z } from 'zod';
import {
  CreatedSubscription,
  CreateSubscription,
  ROUTES,
  type SubscriptionRules,
} from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';
import { apiOf, type AskOptions } from '../round/api-of.js';
import { printData, printJson, say } from '../terminal.js';

/** Options of `news add`, as its definition names them. */
export interface AddNewsOptions extends AskOptions {
  readonly label: string;
  readonly channel: string;
  readonly kinds?: string;
  readonly divergences?: true;
  readonly operators?: string;
  readonly builders?: string;
  readonly group?: string;
}

/**
 * Makes a subscription. The secret of a webhook is printed this once, and alone on stdout.
 *
 * @throws CommandError
 */
export async function addNews(target: string, options: AddNewsOptions): Promise<void> {
  const created = await apiOf(options).post(
    ROUTES.subscriptions,
    requestOf(target, options),
    CreatedSubscription,
  );
  const { subscription, secret } = created;
  if (options.json === true) printJson(created);
  else if (secret !== null) printData(secret);
  else printData(subscription.id);
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

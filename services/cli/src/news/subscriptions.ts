import {
  DeadLetterList,
  PingAnswer,
  plain,
  ReplayAnswer,
  ReplayNews,
  ROUTES,
  SubscriptionList,
  SubscriptionView,
} from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';
import { allPages, listPath } from '../round/all-pages.js';
import { apiOf, type AskOptions } from '../round/api-of.js';
import { printData, printJson, say } from '../terminal.js';

/** Options of `news replay`, as its definition names them. */
export interface ReplayOptions extends AskOptions {
  readonly news?: string;
  readonly since?: string;
}

/** Lists all subscriptions, one a line. @throws CommandError */
export async function listNews(options: AskOptions): Promise<void> {
  const api = apiOf(options);
  const subscriptions = await allPages(
    listPath(ROUTES.subscriptions),
    (path) => api.getAsMember(path, SubscriptionList),
    (page) => page.subscriptions,
  );
  if (options.json === true) {
    printJson({ subscriptions });
    return;
  }
  for (const each of subscriptions) printData(subscriptionLine(each));
  if (subscriptions.length === 0) say('nobody is told news: `news add URL --label WHO`');
}

/** Tells a subscription in one line that steers no terminal. */
export function subscriptionLine(subscription: SubscriptionView): string {
  const { id, channel, target, label, rules, disabledBecause, waiting, dead } = subscription;
  const state = disabledBecause === null ? 'served' : `disabled: ${disabledBecause}`;
  const what = Object.entries(rules).map(([rule, value]) => `${rule}=${[value].flat().join(',')}`);
  const numbers = `${waiting} waiting, ${dead} dead`;
  const line = [
    id,
    channel.padEnd(8),
    target,
    label,
    what.join(' ') || 'everything',
    numbers,
    state,
  ];
  return plain(line.join('  '), 1000);
}

/** Ends a subscription. @throws CommandError */
export async function removeNews(id: string, options: AskOptions): Promise<void> {
  const view = await apiOf(options).delete(pathOf(id), SubscriptionView);
  if (options.json === true) printJson(view);
  else say(`subscription ${view.id} is removed`);
}

/** Sends a test message; the exit code says whether it arrived. @throws CommandError */
export async function pingNews(id: string, options: AskOptions): Promise<void> {
  const answer = await apiOf(options).post(`${pathOf(id)}/ping`, {}, PingAnswer);
  if (options.json === true) printJson(answer);
  if (!answer.isDelivered) {
    throw new CommandError(EXIT.undecided, `nothing arrived: ${answer.detail}`);
  }
  say(`it arrived: ${answer.detail}`);
}

/** Lists what was given up, oldest first, one a line. @throws CommandError */
export async function listDead(id: string, options: AskOptions): Promise<void> {
  const list = await apiOf(options).getAsMember(`${pathOf(id)}/dead?limit=100`, DeadLetterList);
  if (options.json === true) {
    printJson(list);
    return;
  }
  for (const { id: news, diedAt, attempts, detail, news: what } of list.letters) {
    const line = [news, diedAt, `${attempts} tries`, detail, what.data.summary];
    printData(plain(line.join('  '), 1000));
  }
  if (list.letters.length === 0) say('nothing was given up');
  else say(`to send one again: \`news replay ${id} --news ${list.letters[0]?.id ?? 'ID'}\``);
}

/** Has news sent once more. @throws CommandError */
export async function replayNews(id: string, options: ReplayOptions): Promise<void> {
  const { news, since } = options;
  const asked = ReplayNews.safeParse({ news, since });
  if (!asked.success) {
    throw new CommandError(
      EXIT.usage,
      'name one piece of news with --news msg_…, or a time with --since 2026-01-31T12:00:00Z',
      `\`news dead ${id}\` lists what was given up`,
    );
  }
  const answer = await apiOf(options).post(`${pathOf(id)}/replay`, asked.data, ReplayAnswer);
  if (options.json === true) printJson(answer);
  else say(`${answer.queued} ${answer.queued === 1 ? 'message is' : 'messages are'} on the way`);
}

function pathOf(id: string): string {
  return `${ROUTES.subscriptions}/${encodeURIComponent(id)}`;
}

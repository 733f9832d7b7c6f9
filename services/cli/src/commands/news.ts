import { Option, type Command } from 'commander';
import { docPage } from '../doc-page.js';
import type { AddNewsOptions } from '../news/subscribe.js';
import type { ReplayOptions } from '../news/subscriptions.js';
import type { AskOptions } from '../round/api-of.js';

const AFTER_ADD = `
The secret of a webhook is told this once: what is sent there is signed with it. It takes an access token with scope
admin. A receiver, and every kind of news: ${docPage('news')}

Examples:
  repro-quorum news add https://example.org/hook --label 'alice' --out alice.secret
  repro-quorum news add https://discord.com/api/webhooks/ID/TOKEN --channel discord --label 'north, chat'
  repro-quorum news add alice@example.org --channel email --divergences --label alice`;

/** `news add|list|remove|ping|dead|replay` */
export function addNewsCommands(program: Command): void {
  const news = program.command('news').description('who is told what is new');
  addAdd(news);
  news
    .command('list')
    .description('list subscriptions, without their secrets')
    .action(async (_options: unknown, command: Command) => {
      const { listNews } = await import('../news/subscriptions.js');
      await listNews(command.optsWithGlobals<AskOptions>());
    });
  news
    .command('remove')
    .description('end a subscription, and forget what waits for it')
    .argument('<subscription>', 'its id, sub_…')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { removeNews } = await import('../news/subscriptions.js');
      await removeNews(id, command.optsWithGlobals<AskOptions>());
    });
  news
    .command('ping')
    .description('send a test message; one that is answered takes a disabled subscription up again')
    .argument('<subscription>', 'its id, sub_…')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { pingNews } = await import('../news/subscriptions.js');
      await pingNews(id, command.optsWithGlobals<AskOptions>());
    });
  news
    .command('dead')
    .description('list the first 100 messages that were given up')
    .argument('<subscription>', 'its id, sub_…')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { listDead } = await import('../news/subscriptions.js');
      await listDead(id, command.optsWithGlobals<AskOptions>());
    });
  news
    .command('replay')
    .description('send one piece of news once more, or all since a time')
    .argument('<subscription>', 'its id, sub_…')
    .option('--news <id>', 'one piece of news, msg_…')
    .option('--since <time>', 'all since then, at most 1,000; such as 2026-01-31T12:00:00Z')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { replayNews } = await import('../news/subscriptions.js');
      await replayNews(id, command.optsWithGlobals<ReplayOptions>());
    });
}

function addAdd(news: Command): void {
  news
    .command('add')
    .description('tell somebody what is new, from now on')
    .argument('<target>', 'a URL, or the address of a mailbox')
    .requiredOption('--label <text>', 'whose it is; everybody can read it in the log')
    .addOption(
      new Option('--channel <channel>', 'how it is told')
        .choices(['webhook', 'discord', 'openchat', 'email'])
        .default('webhook'),
    )
    .option('--kinds <kinds>', 'comma separated, such as verdict.reached,builder.late; all without')
    .addOption(new Option('--divergences', 'divergences alone').conflicts('kinds'))
    .option('--operators <operators>', 'only what concerns one of these, comma separated')
    .option('--builders <builders>', 'only what concerns one of these, comma separated')
    .option('--group <group>', 'only rounds that were opened for this group')
    .option('--out <file>', "write a webhook's secret to this new file, for its owner alone")
    .addHelpText('after', AFTER_ADD)
    .action(async (target: string, _options: unknown, command: Command) => {
      const { addNews } = await import('../news/subscribe.js');
      await addNews(target, command.optsWithGlobals<AddNewsOptions>());
    });
}

import { markdownText, plain } from '../report/plain.js';
import { shortDigest, titleOf } from '../report/wording.js';
import { newsPath, type NewsArtifact, type Told } from './news.js';

/** Longest message that Discord takes, in characters. Source: Discord API, "Execute Webhook" */
const DISCORD_LIMIT = 2000;
const OPENCHAT_LIMIT = 2000;
const SUMMARY_LIMIT = 1000;
const LINE_LIMIT = 300;
const MAX_LINES = 40;
/** Has Discord show no preview of links. Source: Discord API, message flags, SUPPRESS_EMBEDS */
const SUPPRESS_EMBEDS = 4;

/** What a Discord webhook takes. */
export interface DiscordMessage {
  readonly content: string;
  readonly flags: number;
  /** Nobody is ever called by it. */
  readonly allowed_mentions: { readonly parse: readonly [] };
}

/** Writes news as plain text, for a terminal or a mail. `origin` is the address that readers use. */
export function newsText(news: Told, origin: string): string {
  const lines = linesOf(news).map((line) => plain(line, LINE_LIMIT));
  return [plain(news.data.summary, SUMMARY_LIMIT), ...lines, '', linkOf(news, origin), ''].join(
    '\n',
  );
}

/** Writes the subject and the text of a mail. */
export function newsMail(
  news: Told,
  origin: string,
): { readonly subject: string; readonly text: string } {
  return { subject: `[quorum] ${plain(news.data.summary, 140)}`, text: newsText(news, origin) };
}

/** Writes a message for Discord of at most 2,000 characters, without embeds and mentions. */
export function discordMessage(news: Told, origin: string): DiscordMessage {
  return {
    content: fitted(news, `<${linkOf(news, origin)}>`, discordText, DISCORD_LIMIT),
    flags: SUPPRESS_EMBEDS,
    allowed_mentions: { parse: [] },
  };
}

/** Writes a message for OpenChat, which reads Markdown. */
export function openChatText(news: Told, origin: string): string {
  return fitted(news, linkOf(news, origin), markdownText, OPENCHAT_LIMIT);
}

/** Gives the address of the page that tells more. */
export function linkOf(news: Told, origin: string): string {
  return `${origin}${newsPath(news)}`;
}

/** What there is to say beside the sentence. */
function linesOf(news: Told): readonly string[] {
  switch (news.type) {
    case 'verdict.reached':
    case 'divergence.found':
      return news.data.artifacts.slice(0, MAX_LINES).map(artifactLine);
    case 'verdict.changed':
      return news.data.proposals.length === 0
        ? []
        : [`Proposals on this release: ${news.data.proposals.slice(0, 20).join(', ')}`];
    case 'round.opened':
      return [`It closes at ${news.data.closesAt} at the latest.`];
    case 'builder.late':
    case 'builder.vanished':
    case 'deadline.near':
    case 'subscription.ping':
      return [];
  }
}

function artifactLine({ name, verdict, clusters }: NewsArtifact): string {
  const sides = clusters
    .slice(0, 4)
    .map(({ digest, operatorCount }) => `${shortDigest(digest)} by ${operatorCount}`);
  return `- ${titleOf(name)}: ${[verdict, ...sides].join(', ')}`;
}

/**
 * As much as fits before the link, which is always there whole. Whole lines are left out, and the
 * sentence is cut before it is escaped: an escape that is cut in two would let its other half through.
 */
function fitted(
  news: Told,
  link: string,
  escape: (text: string, limit: number) => string,
  limit: number,
): string {
  const room = limit - link.length - 1;
  let head = escape(news.data.summary, SUMMARY_LIMIT);
  for (let cut = SUMMARY_LIMIT / 2; head.length > room; cut = Math.floor(cut / 2)) {
    head = escape(news.data.summary, cut);
  }
  let text = head;
  for (const line of linesOf(news)) {
    // The bullet is ours.
    const mark = line.startsWith('- ') ? '- ' : '';
    const more = `${text}\n${mark}${escape(line.slice(mark.length), LINE_LIMIT)}`;
    if (more.length > room) break;
    text = more;
  }
  return `${text}\n${link}`;
}

/** Escapes what Discord reads as markup, a mention or a link; it knows no entities. */
function discordText(text: string, limit: number): string {
  return plain(text, limit)
    .replace(/[\\`*_{}[\]()#+!|~^<>]/g, '\\$&')
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//')
    .replace(/^-/, '\\-');
}

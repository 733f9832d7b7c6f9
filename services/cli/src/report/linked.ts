import {
  DISCORD_CHARACTERS,
  membersOf,
  postMarkdown,
  postPlain,
  reportHtml,
  type Report,
} from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';

/** What the forms with permalinks need besides. */
export interface LinkedOptions {
  readonly member: string | undefined;
  /** Address that readers reach the coordinator at. */
  readonly address: string;
}

/**
 * Writes a report in one of the forms that link to the coordinator's pages.
 *
 * @throws CommandError usage for an address that is none, and for a member whom the round did not ask
 */
export function linkedText(
  report: Report,
  format: 'post' | 'chat' | 'html',
  { member, address }: LinkedOptions,
): string {
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new CommandError(
      EXIT.usage,
      `${JSON.stringify(address)} is not an address that readers reach`,
      'expected a URL such as https://quorum.example.org',
    );
  }
  const { origin } = url;
  const members = membersOf(report);
  if (member !== undefined && !members.includes(member)) {
    throw new CommandError(
      EXIT.usage,
      `the round did not ask ${JSON.stringify(member)}`,
      members.length === 0 ? 'it asked nobody' : `it asked ${members.join(', ')}`,
    );
  }
  switch (format) {
    case 'post':
      return postMarkdown(report, { origin, member });
    case 'chat':
      return postPlain(report, { origin, member, limit: DISCORD_CHARACTERS });
    case 'html':
      return reportHtml(report, { origin });
  }
}

/** @throws CommandError usage where a member is named, and nothing is told of one */
export function refuseMember(member: string | undefined): void {
  if (member === undefined) return;
  throw new CommandError(
    EXIT.usage,
    '--member goes with --format post or chat',
    'for example `repro-quorum report 138000 --format post --member NAME`',
  );
}

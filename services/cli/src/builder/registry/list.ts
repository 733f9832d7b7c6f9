import { BuilderList, BuilderStatus, plain, ROUTES, type BuilderView } from '#libs/contracts';
import { CommandError, EXIT } from '../../exit.js';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { printData, printJson, say } from '../../terminal.js';

/** Options of `builder list`, as its definition names them. */
export interface BuilderListOptions extends AskOptions {
  readonly status?: string;
}

const PAGE = 100;

/** Lists all builders of a coordinator, one a line. @throws CommandError */
export async function listBuilders(options: BuilderListOptions): Promise<void> {
  const status = BuilderStatus.optional().safeParse(options.status);
  if (!status.success) {
    throw new CommandError(
      EXIT.usage,
      `${JSON.stringify(options.status)} is no status`,
      `expected one of ${BuilderStatus.options.join(', ')}`,
    );
  }
  const api = apiOf(options);
  const query = status.data === undefined ? '' : `&status=${status.data}`;
  const builders: BuilderView[] = [];
  for (let after: string | null = ''; after !== null;) {
    const path: string = `${ROUTES.builders}?limit=${PAGE}&after=${after}${query}`;
    const page: BuilderList = await api.get(path, BuilderList);
    builders.push(...page.builders);
    after = page.next;
  }
  if (options.json === true) {
    printJson({ builders });
    return;
  }
  for (const { builder, status: stands, operator, lastSeenAt, tags } of builders) {
    const seen = lastSeenAt?.slice(0, 16) ?? 'never seen      ';
    printData(
      plain([builder, stands.padEnd(8), seen, operator.name, tags.join(',')].join('  '), 400),
    );
  }
  if (builders.length === 0) say('no builder asked to join yet');
}

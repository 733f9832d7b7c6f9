import { BuilderList, BuilderStatus, plain, ROUTES } from '#libs/contracts';
import { CommandError, EXIT } from '../../exit.js';
import { allPages, listPath } from '../../round/all-pages.js';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { printData, printJson, say } from '../../terminal.js';

/** Options of `builder list`, as its definition names them. */
export interface BuilderListOptions extends AskOptions {
  readonly status?: string;
}

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
  const builders = await allPages(
    listPath(ROUTES.builders, status.data),
    (path) => api.get(path, BuilderList),
    (page) => page.builders,
  );
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

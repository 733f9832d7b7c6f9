import { quote } from '#libs/encoding';
import { WorldError } from './error.js';
import { listen } from './listener.js';
import { MIRROR_STATES, indexOf, packageOf } from './mirror-state.js';

/**
 * A package mirror that moves on. Its views are like the regional mirrors of a distribution, which
 * fetch from one archive at different times: each has a name and stands in a state of its own.
 */
export interface Mirror {
  /** Base URL of a view, for `MIRROR_URL`; a view not heard of before stands in state 0. */
  url(view: string): string;
  /** Moves a view to its next state, and returns that. @throws WorldError NO_SUCH_STATE */
  advance(view: string): number;
  /** Puts a view into a state, 0 to {@link MIRROR_STATES} - 1. @throws WorldError NO_SUCH_STATE */
  set(view: string, state: number): void;
  close(): Promise<void>;
}

/** Starts a package mirror on a free port. It serves `<view>/Packages` and the files named there. */
export async function startMirror(): Promise<Mirror> {
  const packages = await Promise.all(Array.from({ length: MIRROR_STATES }, (_, n) => packageOf(n)));
  const views = new Map<string, number>();

  const listener = await listen(async (request, response) => {
    const [, view = '', ...rest] = decodeURIComponent(request.url ?? '').split('/');
    const synced = packages.slice(0, (views.get(view) ?? 0) + 1);
    const path = rest.join('/');
    const body =
      path === 'Packages' ? indexOf(synced) : synced.find((entry) => entry.path === path)?.tar;
    response.writeHead(body === undefined ? 404 : 200).end(body ?? 'not found\n');
    await Promise.resolve();
  });

  const set = (view: string, state: number) => {
    if (!Number.isInteger(state) || state < 0 || state >= MIRROR_STATES) {
      throw new WorldError(
        'NO_SUCH_STATE',
        `mirror view ${quote(view)} has no state ${state}: expected 0 to ${MIRROR_STATES - 1}`,
      );
    }
    views.set(view, state);
  };
  return {
    url: (view) => `${listener.url}/${encodeURIComponent(view)}`,
    set,
    advance(view) {
      const next = (views.get(view) ?? 0) + 1;
      set(view, next);
      return next;
    },
    close: () => listener.close(),
  };
}

import type { PageData } from './page-data.js';
import type { Route } from './route.js';

/** What every page is given. */
export interface PageProps {
  readonly route: Route;
  readonly data: PageData;
  /** The moment for which the page is drawn, whole minutes: the same at the server and in the browser. */
  readonly now: Date;
}

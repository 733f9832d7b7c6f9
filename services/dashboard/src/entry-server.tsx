import { renderToString } from 'react-dom/server';
import { App } from './app.js';
import { problemOf, type PageData } from './page-data.js';
import { titleOfPage } from './pages/titles.js';
import { routeOf } from './route.js';

export { routeOf } from './route.js';

/** A page as HTML, without the document around it. */
export interface RenderedPage {
  readonly status: number;
  readonly title: string;
  readonly html: string;
}

/** Draws the page of `data.url`; its status is that of what keeps it from being drawn, if anything does. */
export function render(data: PageData): RenderedPage {
  const route = routeOf(data.url);
  const problem = problemOf(route, data);
  return {
    status: route.page === 'nowhere' ? 404 : (problem?.status ?? 200),
    title: titleOfPage(route, data),
    html: renderToString(<App data={data} />),
  };
}

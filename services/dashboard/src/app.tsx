import type { ReactNode } from 'react';
import { Frame } from './components/frame.js';
import { problemOf, type PageData } from './page-data.js';
import { pageOf } from './pages/pages.js';
import { ProblemPage } from './pages/problem/problem-page.js';
import { routeOf } from './route.js';
import './app.css';

/** The page of an address: drawn by the coordinator as HTML, and by the browser over that again. */
export function App({ data }: { readonly data: PageData }): ReactNode {
  const route = routeOf(data.url);
  const problem = route.page === 'nowhere' ? null : problemOf(route, data);
  const Page = pageOf(route.page);
  return (
    <Frame page={route.page}>
      {problem === null ? (
        <Page route={route} data={data} now={new Date(data.now)} />
      ) : (
        <ProblemPage problem={problem} />
      )}
    </Frame>
  );
}

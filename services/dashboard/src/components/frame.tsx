import type { ReactNode } from 'react';
import type { PageName } from '../route.js';
import './components.css';

const PLACES: readonly { readonly page: PageName; readonly path: string; readonly name: string }[] =
  [
    { page: 'rounds', path: '/', name: 'Rounds' },
    { page: 'builders', path: '/builders', name: 'Builders' },
    { page: 'groups', path: '/groups', name: 'Groups' },
    { page: 'log', path: '/log', name: 'Log' },
  ];

/** What stands around every page: a way past the navigation, the navigation, and what this is. */
export function Frame(props: { readonly page: PageName; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="frame-head">
        <a className="frame-name" href="/">
          Repro Quorum
        </a>
        <nav aria-label="Main">
          <ul>
            {PLACES.map(({ page, path, name }) => (
              <li key={path}>
                <a href={path} {...(page === props.page && { 'aria-current': 'page' as const })}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        {props.children}
      </main>
      <footer className="frame-foot">
        <p>
          Nothing here has to be taken on trust: every statement is signed, logged, and can be
          verified with public keys. All of it is in the <a href="/log">log</a> and the public API.
        </p>
      </footer>
    </>
  );
}

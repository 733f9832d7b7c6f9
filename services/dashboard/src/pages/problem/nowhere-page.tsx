import type { ReactNode } from 'react';

/** Says that an address leads nowhere. */
export function NowherePage(): ReactNode {
  return (
    <>
      <h1>No such page</h1>
      <p>
        The address is not known here. Begin with <a href="/">all proposals and rounds</a>, the{' '}
        <a href="/builders">builders</a> or the <a href="/log">log</a>.
      </p>
    </>
  );
}

import type { ReactNode } from 'react';

/** Holds what may be wider than the screen, such as a table: it scrolls by itself, by keyboard too. */
export function Scroll(props: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="scroll" role="region" aria-label={props.label} tabIndex={0}>
      {props.children}
    </div>
  );
}

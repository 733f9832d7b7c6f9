import type { ReactNode } from 'react';

/** A part of a page under a heading that can be linked to. `id`: unique on the page. */
export function Section(props: {
  readonly id: string;
  readonly title: ReactNode;
  readonly level?: 2 | 3 | 4;
  readonly children: ReactNode;
}): ReactNode {
  const Heading = `h${props.level ?? 2}` as const;
  return (
    <section className="section" aria-labelledby={props.id}>
      <Heading id={props.id}>{props.title}</Heading>
      {props.children}
    </section>
  );
}

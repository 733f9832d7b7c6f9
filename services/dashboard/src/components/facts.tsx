import type { ReactNode } from 'react';

/** Names and what they stand for; rows without a value are left out. */
export function Facts(props: {
  readonly rows: readonly (readonly [string, ReactNode])[];
}): ReactNode {
  return (
    <dl className="facts">
      {props.rows
        .filter(
          ([, value]) => value !== null && value !== undefined && value !== false && value !== '',
        )
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

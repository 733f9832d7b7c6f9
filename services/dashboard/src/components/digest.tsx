import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.js';

/**
 * A digest or an id: its beginning is seen, all of it is there to be selected and copied, without
 * scripts as well.
 */
export function Digest(props: {
  readonly value: string | null;
  /** What it is the digest of, for those who do not see its place. */
  readonly what: string;
  /** Shows all of it, on lines of its own where it is wider than its place. */
  readonly isWhole?: boolean;
  /** Where it leads. */
  readonly href?: string;
  /** Without a button beside it, where there are many. */
  readonly isBare?: boolean;
}): ReactNode {
  const { value, what, href } = props;
  if (value === null) return <span className="quiet">unknown</span>;
  const code = (
    <code className={props.isWhole === true ? 'digest digest-whole' : 'digest'} title={value}>
      {value}
    </code>
  );
  return (
    <span className="digest-place">
      {href === undefined ? code : <a href={href}>{code}</a>}
      {props.isBare !== true && <CopyButton text={value} what={what} />}
    </span>
  );
}

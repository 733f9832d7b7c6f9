import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.js';

/** Commands to type, with a button that copies them. */
export function Command(props: { readonly text: string; readonly what: string }): ReactNode {
  return (
    <div className="command">
      <pre tabIndex={0} role="region" aria-label={props.what}>
        <code>{props.text}</code>
      </pre>
      <CopyButton text={props.text} what={props.what} />
    </div>
  );
}

import type { ReactNode } from 'react';
import { plain, type BuilderReport } from '#libs/contracts';
import { remarkOf, stateWords } from './state-words.js';

/** How a builder stands, in words; while it builds, how far it is. */
export function BuilderState({ builder }: { readonly builder: BuilderReport }): ReactNode {
  const remark = remarkOf(builder);
  return (
    <span className="builder-state">
      {stateWords(builder)}
      {builder.state === 'building' && builder.percent !== null && (
        <progress
          max={100}
          value={builder.percent}
          aria-label={`how far ${plain(builder.operator, 60)} is`}
        />
      )}
      {builder.failure !== null && builder.failure.message !== '' && (
        <span className="builder-message">{plain(builder.failure.message, 300)}</span>
      )}
      {remark !== null && <span className="builder-message">{remark}</span>}
    </span>
  );
}

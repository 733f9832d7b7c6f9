import type { ReactNode } from 'react';

/** How something stands: good, bad, parted, still open, failed for other reasons, or merely so. */
export type Tone = 'good' | 'bad' | 'split' | 'open' | 'failed' | 'plain';

const GLYPHS: Readonly<Record<Tone, string>> = {
  good: '✓',
  bad: '✗',
  split: '≠',
  open: '…',
  failed: '!',
  plain: '·',
};

/** A state in words, with a glyph and a colour that say the same. */
export function State(props: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return (
    <span className={`state state-${props.tone}`}>
      <span className="glyph" aria-hidden="true">
        {GLYPHS[props.tone]}
      </span>
      <span>{props.children}</span>
    </span>
  );
}

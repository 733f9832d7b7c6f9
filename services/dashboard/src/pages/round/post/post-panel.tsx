import type { ReactNode } from 'react';
import type { Report } from '#libs/contracts';

/** What is to be posted, and where the page stands. */
export interface PostPanelProps {
  readonly report: Report;
  /** Address of this coordinator without a path, for permalinks. */
  readonly origin: string;
}

/** Texts about the round to copy: for a forum, for a chat, for one member. */
export function PostPanel(props: PostPanelProps): ReactNode {
  return props.report.round === null ? null : <></>;
}

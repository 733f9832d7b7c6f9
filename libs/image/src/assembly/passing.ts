import type { ContainerForm } from '#libs/manifest';
import type { HashThread } from '../beside/hash-thread.js';
import type { ContentSink, ForgetfulSink } from '../content-sink.js';
import { PassingFiles } from '../ext4/index.js';
import type { PassedFiles } from '../passed-files.js';

/** What is found out about a content while it streams by on its way to a spool. */
export interface Passing extends ContentSink {
  /** Says that no more comes. */
  end(): Promise<void>;
  /** What is known of the filesystem that begins at an offset. */
  readonly passed: (offset: number) => PassedFiles | undefined;
}

/** Makes what looks at a content of some form as it streams by; null where nothing does. */
export function passingOf(
  form: ContainerForm,
  spool: ForgetfulSink,
  thread: HashThread | null,
): Passing | null {
  if (form !== 'ext4') return null;
  const files = new PassingFiles(spool, thread);
  return {
    data: (bytes) => {
      files.data(bytes);
    },
    hole: (lengthBytes) => {
      files.hole(lengthBytes);
    },
    end: async () => {
      files.end();
      await thread?.settle();
    },
    passed: (offset) => (offset === 0 ? files : undefined),
  };
}

/** What is known of a fact before it is read. */
export interface FactDefinition<Name extends string = string> {
  /** Dotted, and the same for ever: earlier rounds are compared by it. */
  readonly name: Name;
  /** `salted` facts leave the machine as digests only: comparable within a round, not readable. */
  readonly privacy: 'public' | 'salted';
  readonly kind: 'text' | 'number' | 'boolean';
  readonly unit?: 'bytes' | 'processors';
  /** How the fact may change a hash, or what else it is good for. */
  readonly why: string;
  /** Where that was seen: a public repository's file or a thread. Absent when it was not seen. */
  readonly source?: string;
}

type Rest = Partial<Pick<FactDefinition, 'privacy' | 'unit' | 'source'>>;

/** Writes one row of the catalogue; facts are public unless the row says otherwise. */
export function fact<const Name extends string>(
  name: Name,
  kind: FactDefinition['kind'],
  why: string,
  rest: Rest = {},
): FactDefinition<Name> {
  return { name, privacy: 'public', kind, why, ...rest };
}

/** Threads and files that several rows name. */
export const seen = {
  thread12305: 'forum.dfinity.org/t/12305',
  thread19486: 'forum.dfinity.org/t/19486',
  buildScript: 'dfinity/ic ci/container/build-ic.sh',
  containerRun: 'dfinity/ic ci/container/container-run.sh',
  reproducibility: 'dfinity/ic toolchains/sysimage/reproducibility.py',
} as const;

/** Options that name a file which a command reads. */
interface ReadFiles {
  readonly operatorKey?: string;
  readonly passphraseFile?: string;
  readonly key?: string;
  readonly witnessKey?: string;
  readonly natsKey?: string;
  readonly oldKey?: string;
}

/** Lists the files that are read: a slip of the hand must not turn a key into a record. */
export function inputsOf(options: ReadFiles): readonly string[] {
  const { operatorKey, passphraseFile, key, witnessKey, natsKey, oldKey } = options;
  return [operatorKey, passphraseFile, key, witnessKey, natsKey, oldKey].filter(
    (path) => path !== undefined,
  );
}

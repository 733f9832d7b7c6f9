/** The settings that a C library takes its locale from, as a process would see them. */
export interface Locale {
  readonly lang: string;
  readonly lcAll: string;
  /** In force for sorting. */
  readonly collation: string;
  /** In force for reading characters. */
  readonly characters: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the locale out of an environment. Unset and empty are the same, an empty text; where
 * nothing is set, `C` is in force.
 *
 * Source: POSIX.1-2017, Base Definitions, section 8.2
 */
export function localeOf(environment: Environment): Locale {
  const { LANG: lang = '', LC_ALL: lcAll = '', LC_COLLATE, LC_CTYPE } = environment;
  const inForce = (own = ''): string => lcAll || own || lang || 'C';
  return { lang, lcAll, collation: inForce(LC_COLLATE), characters: inForce(LC_CTYPE) };
}

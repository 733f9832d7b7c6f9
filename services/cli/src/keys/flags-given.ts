/**
 * Lists those of some options that were given, as they are typed. Only for options without a default:
 * one that has it is always given.
 */
export function flagsGiven<T extends object>(
  options: T,
  names: readonly (keyof T & string)[],
): readonly string[] {
  return names
    .filter((name) => options[name] !== undefined)
    .map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}

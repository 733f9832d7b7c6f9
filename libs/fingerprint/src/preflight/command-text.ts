import type { FixStep } from './finding.js';

/**
 * Writes the command of a step as somebody would type it, with `sudo` where it takes root; null for
 * a step without one. For people to read: programs take {@link FixStep.command} itself.
 */
export function commandText({ command, needsRoot }: FixStep): string | null {
  if (command === null) return null;
  return [...(needsRoot ? ['sudo'] : []), ...command].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

import type { FixStep } from './finding.js';

/**
 * Writes the command of a step as somebody would type it, with `sudo` where it takes root and they
 * are not; null for a step without one. For people to read: programs take {@link FixStep.command}.
 */
export function commandText({ command, needsRoot }: FixStep, isRoot = false): string | null {
  if (command === null) return null;
  return [...(needsRoot && !isRoot ? ['sudo'] : []), ...command].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

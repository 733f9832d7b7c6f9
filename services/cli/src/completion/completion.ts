import type { Command } from 'commander';
import { printData } from '../terminal.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { placesOf } from './places.js';
import { zshCompletion } from './zsh.js';

const WRITERS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
/** Shells that can be taught. */
export type Shell = keyof typeof WRITERS;

/** Prints what teaches a shell the commands of a program. */
export function printCompletion(program: Command, shell: Shell): void {
  printData(WRITERS[shell](placesOf(program)));
}

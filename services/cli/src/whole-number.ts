import { CommandError, EXIT } from './exit.js';

/**
 * Reads the value of an option that takes a whole number.
 *
 * @throws CommandError usage
 */
export function wholeNumber(text: string, option: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new CommandError(
    EXIT.usage,
    `${option} takes a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`,
  );
}

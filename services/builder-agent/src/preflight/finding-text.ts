import { commandText, type MachineFinding } from '#libs/fingerprint';

/** Tells an error of the machine with what mends it, as a signed failure has it. */
export function describeFault({ check, found, expected, fix }: MachineFinding): string {
  const commands = fix.map((step) => commandText(step)).filter((text) => text !== null);
  const mend = commands.join(' && ') || (fix[0]?.text ?? '');
  return `${check}: ${found}, expected ${expected}: ${mend}`;
}

/** Tells a warning with its reason; what to do about it is told by `builder doctor`. */
export function describeWarning({ check, found, expected, why }: MachineFinding): string {
  return `${check}: ${found}, expected ${expected}: ${why}`;
}

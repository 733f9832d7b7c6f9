/**
 * Tells whether the machine itself refused, such as for a full disk or a missing file: its message
 * needs no stack to be understood.
 */
export function isMachineRefusal(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

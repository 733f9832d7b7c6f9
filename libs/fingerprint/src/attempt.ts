/**
 * Tries to read something; gives `null` when that fails or takes longer than `timeoutMs`. A call
 * into a dead network filesystem may never return: it is left behind, not waited for.
 */
export async function attempt<T>(timeoutMs: number, read: () => Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      resolve(null);
    }, timeoutMs);
  });
  try {
    return await Promise.race([read(), tooLate]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Tries what answers at once; gives `null` when it throws. */
export function tried<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

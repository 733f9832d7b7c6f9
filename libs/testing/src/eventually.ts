const PAUSE_MS = 15;
const PATIENCE_MS = 90_000;

/**
 * Reads again and again until there is something that is accepted, and gives it. What was read last
 * stands in the error of a wait that took more than 90 s; a reading that throws is not accepted.
 */
export async function eventually<T>(
  what: string,
  read: () => Promise<T> | T,
  accept: (value: NonNullable<T>) => boolean = () => true,
): Promise<NonNullable<T>> {
  const endMs = performance.now() + PATIENCE_MS;
  let last: unknown;
  while (performance.now() < endMs) {
    try {
      const value = await read();
      if (value !== undefined && value !== null && accept(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const seen = last instanceof Error ? String(last) : JSON.stringify({ last });
  throw new Error(`waited in vain for ${what}; at last there was ${seen.slice(0, 2_000)}`);
}

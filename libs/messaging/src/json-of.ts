/** Reads a message of anybody as JSON; undefined, which no schema takes, where it is none. */
export function jsonOf(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

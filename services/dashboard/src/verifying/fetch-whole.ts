import { Refusal } from './refusal.js';

const AGAIN = 'Try again, or fetch it with the commands on this page.';

/**
 * Fetches a file of this coordinator whole, and tells how much of it is there.
 *
 * @param most bytes; no more are kept
 * @throws Refusal
 */
export async function fetchWhole(
  path: string,
  most: number,
  tell: (bytes: number) => void,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const response = await fetch(path);
    if (!response.ok)
      throw new Refusal(`${path} was answered with ${await whyOf(response)}`, AGAIN);
    const reader = response.body?.getReader();
    for (;;) {
      const { value } = (await reader?.read()) ?? {};
      if (value === undefined) break;
      size += value.length;
      if (size > most) {
        await reader?.cancel();
        throw new Refusal(`${path} has more than ${most} bytes`, 'Use the command line.');
      }
      parts.push(value);
      tell(size);
    }
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal(`${path} could not be fetched: ${why}`, AGAIN, { cause });
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function whyOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : '';
  return `${response.status}${typeof detail === 'string' && detail !== '' ? `: ${detail}` : ''}`;
}

/** What would show text in another place than it stands, in JSON that people read. */
const UNSEEN = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u007f-\u009f]/gu;
const SHOWN = 60_000;

/** A payload as people read it. */
export interface ReadPayload {
  readonly text: string;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
  /** What kind of statement it says that it is; null where it does not say. */
  readonly predicateType: string | null;
}

/**
 * Writes a payload, base64 of JSON, over many lines. Characters that are not seen stand as escapes, so
 * what is read is what is there; after 60,000 characters it is cut.
 */
export function readPayload(payload: string): ReadPayload {
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (it) =>
    it.charCodeAt(0),
  );
  const raw = new TextDecoder().decode(bytes);
  const value = parsed(raw);
  const text = JSON.stringify(value, null, 2).replace(UNSEEN, escaped);
  return {
    text: text.slice(0, SHOWN),
    isWhole: text.length <= SHOWN,
    predicateType: typeOf(value),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function typeOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('predicateType' in value)) return null;
  return typeof value.predicateType === 'string' ? value.predicateType : null;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}

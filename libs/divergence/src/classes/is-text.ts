const MAX_CONTROLS = 0.02;
// A window may begin and end within a character.
const MAX_BROKEN = 8;

/** Tells whether bytes are to be read as lines of text. Nothing at all is text as well. */
export function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  const text = new TextDecoder().decode(bytes);
  let controls = 0;
  let broken = 0;
  for (const character of text) {
    if (character === '\ufffd') broken += 1;
    else if (character < ' ' && !'\t\n\r\f\u001b'.includes(character)) controls += 1;
  }
  return broken <= MAX_BROKEN && controls <= MAX_CONTROLS * text.length;
}

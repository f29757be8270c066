// Nothing that comes out of a bundle reaches a terminal as it is: it could move the cursor, turn the direction of reading, or write a verdict.

const LONGEST = 120;

/** The text in quotes, with everything but printable ASCII written as an escape, cut where it is long. */
export function quote(text: unknown): string {
  const whole = typeof text === 'string' ? text : (JSON.stringify(text) ?? String(text));
  const cut = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}...` : whole;
  return asciiOnly(JSON.stringify(cut));
}

/** JSON stays the same value, and no letter of it is anything but printable ASCII and newlines. */
export const asciiOnly = (json: string): string =>
  json.replaceAll(/[^\n\u0020-\u007e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

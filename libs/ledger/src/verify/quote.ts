// Nothing that comes out of a bundle reaches a terminal as it is: it could move the cursor, turn the direction of reading, or write a verdict.

const LONGEST = 120;
/** Of sentences, and of keys, which are worth nothing cut. */
const LONGEST_WHOLE = 1000;
/** Of the lines of a verdict. */
const LONGEST_LINE = 10_000;

/** The text in quotes, with everything but printable ASCII written as an escape, cut where it is long. */
export function quote(text: unknown, longest = LONGEST): string {
  const whole = typeof text === 'string' ? text : (JSON.stringify(text) ?? String(text));
  const cut = whole.length > longest ? `${whole.slice(0, longest)}...` : whole;
  return asciiOnly(JSON.stringify(cut));
}

/** A verifier key, or the name of one, to be copied and compared. */
export const quoteKey = (key: string): string => quote(key, LONGEST_WHOLE);

/** A sentence of the verifier's own in which something from elsewhere may stand; without quotes around it. */
export const sentence = (text: string): string => quote(text, LONGEST_WHOLE).slice(1, -1);

/** Whatever it is, one line that steers nothing; what is printable ASCII already stays as it is, so what was quoted before is not quoted twice. */
export const oneLine = (text: string): string =>
  asciiOnly(text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}...` : text).replaceAll('\n', '\\u000a');

/** JSON stays the same value, and no letter of it is anything but printable ASCII and newlines. */
export const asciiOnly = (json: string): string =>
  json.replaceAll(/[^\n\u0020-\u007e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

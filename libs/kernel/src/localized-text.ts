// A text in one or several languages: the first one given is the original.
import { findUnstorable } from './json.js';
import { sealed, type Sealed } from './sealed.js';

/** BCP 47, as sent: `en`, `fr-CH`, `zh-Hans`. */
export type LanguageTag = string;
export interface TextIn<T> {
  lang: LanguageTag;
  text: T;
}
/** As a person sends it. Never empty; no language twice. */
export type LocalizedText = TextIn<string>[];
/** As a decider puts it into an event. */
export type SealedText = TextIn<Sealed>[];

export const isLanguageTag = (text: unknown): text is LanguageTag =>
  typeof text === 'string' && text.length <= 35 && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text);

/** Whether a text is nothing but white space and characters that show nothing alone: those of Unicode's list, a blank of Braille, anchors of an annotation, a notehead left out, joiners of hieroglyphs. */
export const isBlank = (text: string): boolean =>
  /^[\s\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{1d159}\u{13430}-\u{1345f}]*$/u.test(text);

/** In each language, of titles, names and reasons. */
export const MAX_LINE_BYTES = 4 * 1024;

/** What is wrong with a line that comes by another way than the API, as a sentence; undefined where it may be stored. */
export function faultOfTexts(texts: LocalizedText, what: string): string | undefined {
  for (const { lang, text } of texts) {
    if (!isLanguageTag(lang)) return `${what} is in ${JSON.stringify(lang)}, which is no language tag such as en or fr-CH`;
    const found = findUnstorable(text);
    if (found) return `${what} ${found.reason}`;
    if (isBlank(text)) return `${what} is empty`;
    if (Buffer.byteLength(text) > MAX_LINE_BYTES) return `${what} may have at most ${MAX_LINE_BYTES} bytes of UTF-8`;
  }
  return undefined;
}

/** Marks each language's text to be sealed, one value a language. */
export const sealText = (texts: LocalizedText): SealedText => texts.map(({ lang, text }) => ({ lang, text: sealed(text) }));

export const sealOptional = (texts: LocalizedText | undefined): SealedText | undefined => texts && sealText(texts);

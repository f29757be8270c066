// A text in one or several languages: the first one given is the original.
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

/** Marks each language's text to be sealed, one value a language. */
export const sealText = (texts: LocalizedText): SealedText => texts.map(({ lang, text }) => ({ lang, text: sealed(text) }));

export const sealOptional = (texts: LocalizedText | undefined): SealedText | undefined => texts && sealText(texts);

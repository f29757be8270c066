// What a language's catalogue of phrases holds. `{slot}` stands for a value; `[…]` is left out where one of its values is absent.
import { en } from './en.js';
import { fr } from './fr.js';

export interface Phrases {
  lang: string;
  /** Sentences and headings by name; the English ones name them all. */
  sentences: Readonly<Record<keyof typeof en.sentences, string>>;
  /** What codes of enumerations are called; a code that is missing is shown as it is. */
  codes: Readonly<Record<string, string>>;
  /** Words of the page itself. */
  page: Readonly<Record<keyof typeof en.page, string>>;
}

export const PHRASES: readonly Phrases[] = [en, fr];

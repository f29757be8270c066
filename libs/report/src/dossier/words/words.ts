// What a language calls the links of a dossier, the types of events and the fields of their data.
import type { LinkName, Subject } from '../dossier.js';
import { en } from './en.js';
import { fr } from './fr.js';

export interface DossierWords {
  lang: string;
  subjects: Readonly<Record<Subject, string>>;
  links: Readonly<Record<LinkName, string>>;
  /** By type; what is missing is called as it is written, with spaces. */
  events: Readonly<Record<string, string>>;
  /** By key; likewise. */
  fields: Readonly<Record<string, string>>;
  page: Readonly<
    Record<
      | 'asOf'
      | 'explains'
      | 'incompleteExplains'
      | 'withheldExplains'
      | 'happened'
      | 'recorded'
      | 'by'
      | 'record'
      | 'event'
      | 'leaf'
      | 'what'
      | 'value'
      | 'place'
      | 'removed'
      | 'concerns'
      | 'correctedBy'
      | 'struckBy'
      | 'illustrative'
      | 'yes'
      | 'no',
      string
    >
  >;
}

export const DOSSIER_WORDS: readonly DossierWords[] = [en, fr];

/** `seat-allocation-approved` → Seat allocation approved */
export const eventName = ({ events }: DossierWords, type: string): string => events[type] ?? upperFirst(type.replaceAll('-', ' '));

/** `/seats/0/organisation` → seats 1, organisation */
export function fieldName({ fields }: DossierWords, pointer: string): string {
  const parts: string[] = [];
  for (const part of pointer.split('/').slice(1)) {
    if (/^\d+$/.test(part)) parts.push(`${parts.pop() ?? ''} ${Number(part) + 1}`.trim());
    else parts.push(fields[part] ?? part.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  }
  return parts.join(', ');
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

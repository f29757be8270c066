import type { DossierWords } from './words.js';

export const en: DossierWords = {
  lang: 'en',
  subjects: { decisions: 'Dossier of a decision', seats: 'Dossier of a seat', follow_ups: 'Dossier of a follow-up', documents: 'Dossier of a document' },
  links: {
    meeting: 'The meeting', agenda: 'The agenda item', table: 'What was said under it', documents: 'Documents considered', proposal: 'The proposal',
    quorum: 'Attendance and quorum, as taken', decision: 'The decision', corrections: 'Corrections since', replacement: 'What it replaced, and what replaced it',
    seats: 'Seats', 'follow-ups': 'What is owed, and what became of it', mentions: 'Who and what this dossier names',
  },
  events: {},
  fields: { documents: 'document', on: 'on', as: 'as', of: 'of', noElectionBy: 'no election by', for: 'for' },
  page: {
    asOf: 'From the record as it stood at record', explains: 'Each value stands in the event of its record, at the place that is given beside it.',
    incompleteExplains: 'Incomplete: some of what was recorded of this was lost, as “history restored” in the record says.',
    withheldExplains: 'Something is named here that you may not see, and is withheld; it belongs under:',
    happened: 'happened', recorded: 'recorded', by: 'by', record: 'record', event: 'event',
    leaf: 'leaf hash', what: 'What', value: 'As recorded', place: 'Where it stands', removed: '(removed)', illustrative: 'illustrative', yes: 'yes', no: 'no',
  },
};

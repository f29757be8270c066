// What a question about the register can get wrong.
import { refusals } from '#kernel';

export const readingRefusals = refusals({
  'as-of-in-future': {
    status: 422,
    title: 'The moment lies in the future',
    rule: 'The register answers as it stood, never as it will stand. Ask for a moment that has passed.',
  },
  'as-of-beyond-record': {
    status: 422,
    title: 'There is no such record yet',
    rule: 'A record number names a record that exists. Ask for one up to the last, or leave asOf out.',
  },
  'as-of-before-record': {
    status: 422,
    title: 'Nothing was recorded yet at that moment',
    rule: 'The record begins with record 1. Ask for it, or for a later moment.',
  },
  'as-of-unreadable': {
    status: 400,
    title: 'asOf is neither a record number nor a time',
    rule: 'asOf is a record number (1, 2, 3 …) or a time as in RFC 3339 with an offset (2024-04-30T18:00:00+02:00).',
  },
  'cursor-unreadable': {
    status: 400,
    title: 'The cursor is not one of this list',
    rule: 'A cursor comes from the page before, of the same list in the same order, and is sent back as it came.',
  },
});

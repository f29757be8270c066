// The OpenAPI schema of a dossier, and an example.
import { LINKS } from './dossier.js';

const reference = {
  type: 'object',
  required: ['in', 'id'],
  properties: { in: { type: 'string', description: 'The table of the register.' }, id: { type: 'string', format: 'uuid' } },
};
const place = {
  pointer: { type: 'string', description: "JSON pointer into the data of the record's event, where the value stands exactly so." },
  value: { description: 'As it stands there; of a text, the one in the language that was asked for, else the original.' },
  lang: { type: 'string', description: 'Of a text: its language.' },
  fallbackFrom: { type: 'string', description: 'The language that was asked for and is missing; this is the original.' },
};
const names = {
  type: 'object',
  description: 'What an id names, and where that name stands.',
  required: ['in', 'id', 'record', 'event', 'pointer', 'value'],
  properties: {
    ...reference.properties,
    record: { type: 'integer' },
    event: { type: 'string', format: 'uuid' },
    ...place,
    endedBy: { type: 'integer', description: 'The record that struck what is named, where it was.' },
  },
};
const concerned = {
  type: 'object',
  required: ['in', 'id', 'first'],
  properties: {
    ...reference.properties,
    first: { type: 'integer', description: 'The record that it began with.' },
    who: { ...names, description: 'After that record: who said it, was present, took the chair or owes it.' },
    names: { ...names, description: 'After that record: what it is called, or its text, as it was last.' },
    correctedBy: { type: 'array', description: 'Later records that corrected it.', items: { type: 'integer' } },
    struckBy: { type: 'integer', description: 'The later record that struck it.' },
  },
};
const entry = {
  type: 'object',
  description: 'A record. All its facts have its times, its author and its proof.',
  required: ['record', 'event', 'type', 'stream', 'revision', 'occurredAt', 'recordedAt', 'recordedBy', 'of', 'facts', 'proof'],
  properties: {
    record: { type: 'integer' },
    event: { type: 'string', format: 'uuid' },
    type: { type: 'string' },
    stream: { type: 'string' },
    revision: { type: 'integer' },
    occurredAt: { type: 'string', description: 'When it happened, as stated.' },
    recordedAt: { type: 'string', format: 'date-time', description: 'When it was recorded.' },
    recordedBy: {
      type: 'object',
      description: 'Who recorded it; others than auditors and the secretariat that keeps it learn the role alone.',
    },
    instruction: { type: 'object', description: "On whose instruction, if another's." },
    illustrative: { type: 'boolean', description: 'Sample data that stands for what a source does not say.' },
    of: { type: 'array', description: 'What it began, changed or ended, and what became of that later.', items: concerned },
    within: { ...names, description: 'The meeting, body, document or follow-up to which it belongs.' },
    facts: { type: 'array', items: { type: 'object', required: ['pointer', 'value'], properties: { ...place, names } } },
    proof: {
      type: 'object',
      description: 'By what it is proven to be in the log.',
      required: ['record', 'leaf'],
      properties: { record: { type: 'integer' }, leaf: { type: 'string', description: 'Its leaf hash, in hex.' } },
    },
  },
};

export const DOSSIER_SCHEMA = {
  type: 'object',
  required: ['asOf', 'subject', 'links'],
  properties: {
    asOf: { type: 'integer', description: 'The record up to which the register was read.' },
    subject: reference,
    title: { type: 'object', properties: { lang: { type: 'string' }, text: { type: 'string' } } },
    incomplete: {
      type: 'boolean',
      description: 'Some of what was recorded of what it tells was lost, as `history-restored` in the record says.',
    },
    withheld: {
      type: 'array',
      description: 'The links in which something is named that you may not see; nothing of it is told. Absent where there is none.',
      items: { type: 'string', enum: [...LINKS] },
    },
    links: {
      type: 'array',
      description: 'The links of the chain, in their order; those with nothing in them are missing.',
      items: {
        type: 'object',
        required: ['link', 'entries'],
        properties: { link: { type: 'string', enum: [...LINKS] }, entries: { type: 'array', items: entry } },
      },
    },
  },
};

const DECISION = '3f0c9c1e-52f5-8d5e-9a51-5f3c2c1b7a10';

export const DOSSIER_EXAMPLE = {
  asOf: 57,
  subject: { in: 'decisions', id: DECISION },
  title: { lang: 'en', text: 'Allocation of regional seats' },
  links: [
    {
      link: 'decision',
      entries: [
        {
          record: 41,
          event: '6d7c1f6e-6f0f-8a52-8d6b-0b3a9a3c9e11',
          type: 'decision-taken',
          stream: `proposal-${DECISION}`,
          revision: 0,
          occurredAt: '2024-04-29',
          recordedAt: '2024-04-30T08:15:00.000Z',
          recordedBy: { role: 'secretariat' },
          of: [{ in: 'decisions', id: DECISION, first: 41 }],
          facts: [
            { pointer: '/outcome', value: 'approved' },
            { pointer: '/wording/0/text', value: 'Approved with no further comments', lang: 'en' },
          ],
          proof: { record: 41, leaf: 'c0'.repeat(32) },
        },
      ],
    },
  ],
};

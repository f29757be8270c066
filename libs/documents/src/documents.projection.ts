// The register of documents and plans.
import { list, projection, table } from '#read-models';
import { DOCUMENT_KINDS, DOCUMENT_STATUSES, type DocumentEvent } from './document.events.js';

export const documents = table({
  name: 'documents',
  singular: 'document',
  says: 'A document; a plan is one with a period, and perhaps a parent plan.',
  columns: {
    kind: { type: 'code', says: 'What kind of document it is.', oneOf: DOCUMENT_KINDS },
    title: { type: 'texts', says: 'Its title.', searched: true },
    symbol: { type: 'code', says: 'Its symbol.' },
    issuer: { type: 'id', says: 'The body that issued it.', of: 'bodies' },
    version: { type: 'code', says: 'Its newest version.' },
    status: { type: 'code', says: 'How far it is.', oneOf: DOCUMENT_STATUSES },
    date: { type: 'date', says: 'Its date.' },
    from: { type: 'date', says: 'Of a plan: the first day of its period.' },
    until: { type: 'date', says: 'Of a plan: the last day of its period.' },
    parent: { type: 'id', says: 'Of a plan: the one that it carries out.', of: 'documents' },
    originalLanguage: { type: 'code', says: 'The language of the original.' },
    meeting: { type: 'id', says: 'The meeting that it reports on, or for which it was written.', of: 'meetings' },
  },
  audience: {
    within: [
      { column: 'meeting', table: 'meetings' },
      { column: 'issuer', table: 'bodies' },
    ],
    bodies: ['issuer'],
    otherwise: { kind: 'public' },
  },
});

export const documentsList = list({
  name: 'documents',
  table: documents,
  says: 'Documents.',
  scopes: ['issuer', 'meeting'],
  filters: ['kind'],
  sorts: ['date'],
});

export const documentsProjection = projection<DocumentEvent>({
  name: 'documents',
  tables: [documents],
  lists: [documentsList],
  apply: {
    'document-registered': ({ streamId, data }, t) =>
      t.put(documents, streamId, {
        kind: data.kind,
        title: data.title,
        symbol: data.symbol ?? null,
        issuer: data.issuer ?? null,
        version: data.version ?? null,
        status: data.status ?? null,
        date: data.date ?? null,
        from: data.period?.from ?? null,
        until: data.period?.until ?? null,
        parent: data.parent ?? null,
        originalLanguage: data.originalLanguage ?? null,
        meeting: data.meeting ?? null,
        audience: data.audience ?? null,
      }),
    'document-version-added': ({ streamId, data: { version, status, date } }, t) =>
      t.put(documents, streamId, { version, ...(status && { status }), ...(date && { date }) }),
    'document-corrected': ({ streamId, data: { title, symbol, date } }, t) =>
      t.put(documents, streamId, { ...(title && { title }), ...(symbol && { symbol }), ...(date && { date }) }),
    'document-audience-set': ({ streamId, data }, t) => t.put(documents, streamId, { audience: data.audience }),
  },
});

import { describe, expect, it } from '@jest/globals';
import { body } from '#bodies/contracts';
import { sealed, type CivilDate, type DomainEvent } from '#kernel';
import { meeting as conference } from '#meetings/contracts';
import { given, THE_STREAM, uuid } from '../../kernel/src/testing/index.js';
import { document } from './document.js';
import { addVersion, correctDocument, registerDocument, setDocumentAudience, type RegisterDocument } from './register-document.js';

const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const day = (text: string) => text as CivilDate;
const [council, parent, meeting] = [uuid(1), uuid(2), uuid(3)];
const bodyEstablished: DomainEvent = {
  type: 'body-established',
  data: { kind: 'council', name: sealedEn('Council'), audience: { kind: 'members' } },
};
const registered = (kind: string, more: object = {}): DomainEvent => ({
  type: 'document-registered',
  data: { kind, title: sealedEn('Plan'), ...more },
});
const scheduled: DomainEvent = {
  type: 'meeting-scheduled',
  data: { bodies: [council], title: sealedEn('Conference'), zone: 'Europe/Brussels', format: 'hybrid' },
};
const reason = { code: 'typing' as const };

describe('a document is registered', () => {
  const registering = (input: Partial<RegisterDocument>) =>
    given(document)
      .and(body, council, bodyEstablished)
      .and(document, parent, registered('plan'))
      .and(conference, meeting, scheduled)
      .when(registerDocument, { kind: 'report', title: en('Plan'), ...input });

  it('with kind and title', () => registering({}).then([registered('report')]));
  it('with all that is known of a plan', () => {
    const open = {
      symbol: 'PC-12',
      issuer: council,
      version: 'Rev.2',
      status: 'draft' as const,
      date: day('2024-04-01'),
      period: { from: day('2024-07-01'), until: day('2025-06-30') },
      parent,
      originalLanguage: 'fr',
      meeting,
      audience: { kind: 'public' as const },
    };
    return registering({ kind: 'plan', ...open }).then([registered('plan', open)]);
  });
  it('for a period of one day', () => {
    const period = { from: day('2024-07-01'), until: day('2024-07-01') };
    return registering({ kind: 'plan', period }).then([registered('plan', { period })]);
  });

  it('not by an issuer who is no body', () => registering({ issuer: uuid(99), parent: uuid(99) }).thenRefused('unknown-body', 'issuer'));
  it('not about a meeting that is none', () => registering({ meeting: uuid(99) }).thenRefused('unknown-meeting', 'meeting'));
  it('not under a parent that is no document', () =>
    registering({ kind: 'plan', parent: uuid(99) }).thenRefused('unknown-parent-plan', 'parent'));
  it('not under a parent that is no plan', () =>
    given(document)
      .and(document, parent, registered('report'))
      .when(registerDocument, { kind: 'plan', title: en('Plan'), parent })
      .thenRefused('unknown-parent-plan', 'parent'));
  it('not with a period, where it is no plan', () =>
    registering({ period: { from: day('2024-07-01'), until: day('2024-06-30') } }).thenRefused('not-a-plan-document'));
  it('not with a parent, where it is no plan', () => registering({ parent }).thenRefused('not-a-plan-document'));
  it('not for a period that ends before it begins', () =>
    registering({ kind: 'plan', period: { from: day('2024-07-01'), until: day('2024-06-30') } }).thenRefused(
      'document-period-reversed',
      'period.until',
    ));

  it('by the secretariat of the issuer, by any where there is none', () => {
    expect(registerDocument.bodiesOf!({ kind: 'report', title: en('Plan'), issuer: council })).toEqual([council]);
    expect(registerDocument.bodiesOf!({ kind: 'report', title: en('Plan') })).toEqual([]);
    expect(document.bodies(given(document, registered('report', { issuer: council })).state(), THE_STREAM)).toEqual([council]);
    expect(document.bodies(given(document, registered('report')).state(), THE_STREAM)).toEqual([]);
  });
});

describe('a version is added', () => {
  const added = (version: string, more: object = {}): DomainEvent => ({ type: 'document-version-added', data: { version, ...more } });

  it('with its date, status and reason', () =>
    given(document, registered('plan', { version: '1' }))
      .when(addVersion, { version: 'Corr.1', status: 'final', date: day('2024-05-01'), reason: { code: 'typing', text: en('A slip') } })
      .then([added('Corr.1', { status: 'final', date: '2024-05-01', reason: { code: 'typing', text: sealedEn('A slip') } })]));
  it('to one that was registered without', () =>
    given(document, registered('plan'))
      .when(addVersion, { version: '1' })
      .then([added('1')]));
  it('not where it was registered with it', () =>
    given(document, registered('plan', { version: '1' }))
      .when(addVersion, { version: '1' })
      .thenRefused('version-taken', 'version'));
  it('not twice', () =>
    given(document, registered('plan'), added('2')).when(addVersion, { version: '2' }).thenRefused('version-taken', 'version'));
});

describe('a document is corrected', () => {
  it.each([
    ['its title', { title: en('The plan') }, { title: sealedEn('The plan') }],
    ['its symbol', { symbol: 'PC-13' }, { symbol: 'PC-13' }],
    ['its date', { date: day('2024-05-01') }, { date: '2024-05-01' }],
  ])('%s', (_, input, change) =>
    given(document, registered('plan'))
      .when(correctDocument, { ...input, reason })
      .then([{ type: 'document-corrected', data: { ...change, reason } }]),
  );
  it('not in nothing', () => given(document, registered('plan')).when(correctDocument, { reason }).thenNothing());
});

describe('the audience of a document', () => {
  const set: DomainEvent = { type: 'document-audience-set', data: { audience: { kind: 'public' }, reason } };

  it('is set', () =>
    given(document, registered('plan'))
      .when(setDocumentAudience, { audience: { kind: 'public' }, reason })
      .then([set]));
  it('is so already since it was registered', () =>
    given(document, registered('plan', { audience: { kind: 'public' } }))
      .when(setDocumentAudience, { audience: { kind: 'public' }, reason })
      .thenNothing());
  it('is so already', () =>
    given(document, registered('plan'), set)
      .when(setDocumentAudience, { audience: { kind: 'public' }, reason })
      .thenNothing());
});

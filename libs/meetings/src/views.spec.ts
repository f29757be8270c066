import { describe, expect, it } from '@jest/globals';
import { organisation, person } from '#bodies/contracts';
import type { DomainEvent, Uuid } from '#kernel';
import { given, made, uuid } from '../../kernel/src/testing/index.js';
import { meeting } from './meeting.js';
import { en, ids, opened, organisationRegistered, personRegistered, scheduled, sealedEn } from './testing/at-the-table.js';
import { expressView } from './views.js';

const panelHeld: DomainEvent = { type: 'panel-held', data: { panel: ids.panel, title: sealedEn('Panel'), panellists: [], points: [] } };
const expressing = (input: object) =>
  given(meeting, scheduled, opened, panelHeld)
    .and(person, ids.speaker, personRegistered)
    .and(organisation, ids.norway, organisationRegistered)
    .when(expressView, { stance: 'request', text: en('Clearer priorities'), ...input });
const expressed = (more: object): DomainEvent => ({
  type: 'view-expressed',
  data: { view: made('view'), stance: 'request', text: sealedEn('Clearer priorities'), ...more },
});
const [speaker, norway] = [{ person: ids.speaker }, { organisation: ids.norway }];

describe('a view is expressed', () => {
  it.each([
    ['"delegates"', {}, { kind: 'delegates' }],
    ['"delegates", where the list is empty', { by: [] }, { kind: 'delegates' }],
    ['one', { by: [speaker] }, { kind: 'one', party: speaker }],
    ['one in words', { by: [{ named: en('A delegate') }] }, { kind: 'one', party: { named: sealedEn('A delegate') } }],
    ['several, by name', { by: [speaker, norway] }, { kind: 'several', parties: [speaker, norway] }],
    ['several, of whom one is named', { by: [speaker], several: true }, { kind: 'several', parties: [speaker] }],
    ['several, unnamed', { several: true }, { kind: 'several' }],
  ])('by %s', (_, input, by) => expressing(input).then([expressed({ by })]));

  it.each([
    ['a panel of this meeting', { kind: 'panel', id: ids.panel }],
    // These lie in streams of their own.
    ['a document', { kind: 'document', id: ids.plan }],
    ['a proposal', { kind: 'proposal', id: uuid(99) }],
  ])('on %s', (_, on) => expressing({ on }).then([expressed({ on, by: { kind: 'delegates' } })]));

  it.each([
    ['no panel of this meeting', { kind: 'panel', id: uuid(99) }],
    ['something of another kind', { kind: 'discussion', id: ids.panel }],
  ])('not on %s', (_, on) => expressing({ on }).thenRefused('unknown-part', 'on.id'));

  it('not by nobody', () => expressing({ by: [speaker, {}] }).thenRefused('speaker-missing', 'by[1]'));
  it('not by somebody who is not registered', () =>
    expressing({ by: [{ organisation: uuid(99) }] }).thenRefused('unknown-organisation', 'by[0].organisation'));
});

it('requests are kept, since a follow-up may come from one', () => {
  const view = (id: Uuid, stance: string): DomainEvent => ({
    type: 'view-expressed',
    data: { view: id, stance, by: { kind: 'delegates' }, text: sealedEn('x') },
  });
  expect([...given(meeting, scheduled, opened, view(uuid(31), 'support'), view(uuid(32), 'request')).state().requests]).toEqual([uuid(32)]);
});

import { describe, it } from '@jest/globals';
import { person } from '#bodies/contracts';
import { document } from '#documents/contracts';
import { given, made, uuid } from '../../kernel/src/testing/index.js';
import { meeting } from './meeting.js';
import { presentPlan, reviewDocument } from './reviews.js';
import { documentRegistered, en, ids, opened, personRegistered, scheduled, sealedEn } from './testing/at-the-table.js';

const at = given(meeting, scheduled, opened)
  .and(person, ids.speaker, personRegistered)
  .and(document, ids.plan, documentRegistered('plan'))
  .and(document, ids.report, documentRegistered('report'));
const speaker = { person: ids.speaker };

describe('a plan is presented', () => {
  it('by whom, with its points', () =>
    at.when(presentPlan, { document: ids.plan, presenters: [speaker], points: [en('Restructuring')], audience: { kind: 'public' } }).then([
      {
        type: 'plan-presented',
        data: {
          presentation: made('presentation'),
          document: ids.plan,
          presenters: [speaker],
          points: [sealedEn('Restructuring')],
          audience: { kind: 'public' },
        },
      },
    ]));
  it('not by nobody', () =>
    at.when(presentPlan, { document: uuid(99), presenters: [speaker, {}], points: [] }).thenRefused('speaker-missing', 'presenters[1]'));
  it('not where there is no such document', () =>
    at.when(presentPlan, { document: uuid(99), presenters: [], points: [] }).thenRefused('unknown-document', 'document'));
  it('not where the document is no plan', () =>
    at.when(presentPlan, { document: ids.report, presenters: [], points: [] }).thenRefused('not-a-plan'));
});

describe('a document is reviewed', () => {
  it('as a plan', () =>
    at.when(reviewDocument, { document: ids.plan, version: 'Rev.2', outcome: 'reviewed', points: [en('Welcome')] }).then([
      {
        type: 'plan-reviewed',
        data: { review: made('review'), document: ids.plan, version: 'Rev.2', outcome: 'reviewed', points: [sealedEn('Welcome')] },
      },
    ]));
  it('as any other', () =>
    at
      .when(reviewDocument, { document: ids.report, outcome: 'endorsed' })
      .then([{ type: 'document-reviewed', data: { review: made('review'), document: ids.report, outcome: 'endorsed' } }]));
  it('not where there is none', () =>
    at.when(reviewDocument, { document: uuid(99), outcome: 'noted' }).thenRefused('unknown-document', 'document'));
});

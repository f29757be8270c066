import { describe, it } from '@jest/globals';
import { organisation, person } from '#bodies/contracts';
import { given, made, uuid } from '../../kernel/src/testing/index.js';
import { meeting } from './meeting.js';
import { holdDiscussion, holdPanel, makePresentation } from './proceedings.js';
import {
  en,
  ids,
  itemAdded,
  opened,
  organisationRegistered,
  personRegistered,
  scheduled,
  sealedEn,
  sittingOpened,
} from './testing/at-the-table.js';

const at = given(meeting, scheduled, opened, itemAdded(), sittingOpened())
  .and(person, ids.speaker, personRegistered)
  .and(organisation, ids.norway, organisationRegistered);
const place = { sitting: ids.sitting, item: ids.item, audience: { kind: 'public' as const } };
const parties = [{ person: ids.speaker }, { organisation: ids.norway, named: en('The host') }];
const sealedParties = [{ person: ids.speaker }, { organisation: ids.norway, named: sealedEn('The host') }];

describe('at the table', () => {
  it('a presentation is made, with what was asked for', () =>
    at
      .when(makePresentation, {
        title: en('Strategic framework'),
        presenters: parties,
        points: [en('One'), en('Two')],
        askedFor: [en('Funding')],
        ...place,
      })
      .then([
        {
          type: 'presentation-made',
          data: {
            presentation: made('presentation'),
            title: sealedEn('Strategic framework'),
            presenters: sealedParties,
            points: [sealedEn('One'), sealedEn('Two')],
            askedFor: [sealedEn('Funding')],
            ...place,
          },
        },
      ]));
  it('a panel is held', () =>
    at.when(holdPanel, { title: en('Dialogue'), panellists: parties, points: [en('Closer integration')], ...place }).then([
      {
        type: 'panel-held',
        data: {
          panel: made('panel'),
          title: sealedEn('Dialogue'),
          panellists: sealedParties,
          points: [sealedEn('Closer integration')],
          ...place,
        },
      },
    ]));
  it('a discussion is held', () =>
    at
      .when(holdDiscussion, { title: en('Fragile borders'), points: [], ...place })
      .then([
        { type: 'discussion-held', data: { discussion: made('discussion'), title: sealedEn('Fragile borders'), points: [], ...place } },
      ]));

  it('nothing is presented by nobody', () =>
    at
      .when(makePresentation, { title: en('x'), presenters: [parties[0]!, {}], points: [] })
      .thenRefused('speaker-missing', 'presenters[1]'));
  it('no panellist is unknown', () =>
    at
      .when(holdPanel, { title: en('x'), panellists: [{ person: uuid(99) }], points: [] })
      .thenRefused('unknown-person', 'panellists[0].person'));
});

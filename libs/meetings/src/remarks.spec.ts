import { describe, it } from '@jest/globals';
import { organisation, person } from '#bodies/contracts';
import type { DomainEvent } from '#kernel';
import { given, made, uuid, type GivenEvent } from '../../kernel/src/testing/index.js';
import { meeting } from './meeting.js';
import { correctRemark, makeRemark } from './remarks.js';
import {
  concluded,
  en,
  ids,
  itemAdded,
  opened,
  organisationRegistered,
  personRegistered,
  remarkMade,
  remarkStruck,
  scheduled,
  sealedEn,
  sittingOpened,
} from './testing/at-the-table.js';

const open = [scheduled, opened, itemAdded(), sittingOpened()];
const registered = (...events: GivenEvent[]) =>
  given(meeting, ...events)
    .and(person, ids.speaker, personRegistered)
    .and(organisation, ids.norway, organisationRegistered);
const speaker = { person: ids.speaker };

describe('a remark is made', () => {
  it('by whom, in what capacity, on whose behalf, where, to be read by whom', () =>
    registered(...open)
      .when(makeRemark, {
        kind: 'explanation-of-position',
        speaker,
        capacity: en('Vice-Chair'),
        onBehalfOf: ids.norway,
        sitting: ids.sitting,
        item: ids.item,
        text: [...en('Yes.'), { lang: 'fr', text: 'Oui.' }],
        audience: { kind: 'members' },
      })
      .then([
        {
          type: 'remark-made',
          data: {
            remark: made('remark'),
            kind: 'explanation-of-position',
            speaker,
            capacity: sealedEn('Vice-Chair'),
            onBehalfOf: ids.norway,
            sitting: ids.sitting,
            item: ids.item,
            text: [...sealedEn('Yes.'), ...sealedEn('Oui.').map(({ text }) => ({ lang: 'fr', text }))],
            audience: { kind: 'members' },
          },
        },
      ]));
  it('by a delegation unnamed', () =>
    registered(...open)
      .when(makeRemark, { speaker: { organisation: ids.norway }, text: en('Yes.') })
      .then([
        {
          type: 'remark-made',
          data: { remark: made('remark'), kind: 'statement', speaker: { organisation: ids.norway }, text: sealedEn('Yes.') },
        },
      ]));

  it.each([
    ['nobody', { speaker: {} }, 'speaker-missing', 'speaker'],
    ['a person who is not registered', { speaker: { person: uuid(99) } }, 'unknown-person', 'speaker.person'],
    ['an organisation that is not registered', { speaker: { organisation: uuid(99) } }, 'unknown-organisation', 'speaker.organisation'],
    ['somebody on behalf of nobody registered', { speaker, onBehalfOf: uuid(99) }, 'unknown-organisation', 'onBehalfOf'],
  ])('not by %s, and before anything else is looked at', (_, input, code, field) =>
    registered(scheduled)
      .when(makeRemark, { ...input, text: en('Yes.') })
      .thenRefused(code, field),
  );
});

describe('a remark is corrected', () => {
  const reason = { code: 'misheard' as const, text: en('The recording says so') };
  const corrected = (change: object): DomainEvent => ({
    type: 'remark-corrected',
    data: { remark: ids.remark, ...change, reason: { code: 'misheard', text: sealedEn('The recording says so') } },
  });
  const correcting = (input: object, ...before: GivenEvent[]) =>
    registered(...open, ...before).when(correctRemark, { remark: ids.remark, reason, ...input });

  it.each([
    ['its text', { text: en('Welcome, all.') }, { text: sealedEn('Welcome, all.') }],
    ['its speaker', { speaker: { organisation: ids.norway } }, { speaker: { organisation: ids.norway } }],
    ['the capacity', { capacity: en('Chair') }, { capacity: sealedEn('Chair') }],
    [
      'all of it',
      { text: en('No.'), speaker: { named: en('A guest') }, capacity: en('Guest') },
      { text: sealedEn('No.'), speaker: { named: sealedEn('A guest') }, capacity: sealedEn('Guest') },
    ],
    ['it was not made; nothing else is said then', { struck: true, text: en('No.') }, { struck: true }],
  ])('%s', (_, input, change) => correcting(input, remarkMade).then([corrected(change)]));

  it('after the closing, by its reason', () =>
    correcting({ text: en('Welcome, all.') }, remarkMade, concluded).then([corrected({ text: sealedEn('Welcome, all.') })]));
  it('not in nothing', () => correcting({}, remarkMade).thenRefused('correction-empty'));
  it('not by a strike that is none', () => correcting({ struck: false }, remarkMade).thenRefused('correction-empty'));
  it('not to a speaker who is nobody', () => correcting({ speaker: {} }, remarkMade).thenRefused('speaker-missing', 'speaker'));
  it('not where there is none', () => correcting({ text: en('No.') }).thenRefused('unknown-remark'));
  it('not what is no remark', () => correcting({ remark: ids.item, text: en('No.') }, remarkMade).thenRefused('unknown-remark'));
  it('not once it is struck', () => correcting({ struck: true }, remarkMade, remarkStruck).thenRefused('unknown-remark'));
});

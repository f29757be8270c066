import { describe, it } from '@jest/globals';
import { person } from '#bodies/contracts';
import { given, made, uuid } from '../../kernel/src/testing/index.js';
import { meeting } from './meeting.js';
import { closeSitting, openSitting, takeChair } from './sittings.js';
import { en, ids, opened, personRegistered, scheduled, sealedEn, sittingClosed, sittingOpened } from './testing/at-the-table.js';

const open = [scheduled, opened];

describe('a sitting is opened', () => {
  it('with the next number, a class and an audience', () =>
    given(meeting, ...open, sittingOpened(), sittingClosed())
      .when(openSitting, { class: 'closed', audience: { kind: 'members' } })
      .then([{ type: 'sitting-opened', data: { sitting: made('sitting'), number: 2, class: 'closed', audience: { kind: 'members' } } }]));
  it('not while another is open', () =>
    given(meeting, ...open, sittingOpened())
      .when(openSitting, { class: 'open' })
      .thenRefused('sitting-open'));
});

describe('a sitting is closed', () => {
  it('not where there is none', () =>
    given(meeting, ...open)
      .when(closeSitting, { sitting: ids.sitting })
      .thenRefused('unknown-sitting'));
  it('is so already', () =>
    given(meeting, ...open, sittingOpened(), sittingClosed())
      .when(closeSitting, { sitting: ids.sitting })
      .thenNothing());
});

describe('the chair is taken', () => {
  const at = given(meeting, ...open, sittingOpened()).and(person, ids.speaker, personRegistered);

  it('in a sitting, in a capacity', () =>
    at
      .when(takeChair, {
        chair: { person: ids.speaker, named: en('Mr Børmer') },
        sitting: ids.sitting,
        capacity: en('Vice-Chair'),
        acting: false,
      })
      .then([
        {
          type: 'chair-taken',
          data: {
            chairing: made('chairing'),
            chair: { person: ids.speaker, named: sealedEn('Mr Børmer') },
            sitting: ids.sitting,
            capacity: sealedEn('Vice-Chair'),
            acting: false,
          },
        },
      ]));
  it('not by nobody', () => at.when(takeChair, { chair: {} }).thenRefused('speaker-missing', 'chair'));
  it('not by a person who is not registered', () =>
    at.when(takeChair, { chair: { person: uuid(99) } }).thenRefused('unknown-person', 'chair.person'));
});

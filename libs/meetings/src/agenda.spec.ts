import { describe, it } from '@jest/globals';
import { given, made, uuid } from '../../kernel/src/testing/index.js';
import { addAgendaItem, adoptAgenda } from './agenda.js';
import { meeting } from './meeting.js';
import { en, ids, itemAdded, opened, scheduled, sealedEn } from './testing/at-the-table.js';

const item = { number: '2', title: en('Item'), purpose: 'decision' as const };
/** Items one below the other, `levels` of them. */
const nested = (levels: number) =>
  Array.from({ length: levels }, (_, level) => itemAdded(uuid(100 + level), `${level + 1}`, level > 0 ? uuid(99 + level) : undefined));

describe('an agenda item is added', () => {
  it('after others', () =>
    given(meeting, scheduled, itemAdded())
      .when(addAgendaItem, item)
      .then([{ type: 'agenda-item-added', data: { item: made('item'), number: '2', title: sealedEn('Item'), purpose: 'decision' } }]));
  it('below another, with an audience', () =>
    given(meeting, scheduled, itemAdded())
      .when(addAgendaItem, { ...item, number: '1.1', parent: ids.item, audience: { kind: 'public' } })
      .then([
        {
          type: 'agenda-item-added',
          data: {
            item: made('item'),
            number: '1.1',
            title: sealedEn('Item'),
            purpose: 'decision',
            parent: ids.item,
            audience: { kind: 'public' },
          },
        },
      ]));
  it('not below one that is none', () =>
    given(meeting, scheduled)
      .when(addAgendaItem, { ...item, parent: ids.item })
      .thenRefused('unknown-item', 'parent'));
  it('not under a number that is taken', () =>
    given(meeting, scheduled, itemAdded(ids.item, '2')).when(addAgendaItem, item).thenRefused('item-number-taken', 'number'));
  it('at most eight levels deep', () =>
    given(meeting, scheduled, ...nested(7))
      .when(addAgendaItem, { ...item, number: '9', parent: uuid(106) })
      .then([
        {
          type: 'agenda-item-added',
          data: { item: made('item'), number: '9', title: sealedEn('Item'), purpose: 'decision', parent: uuid(106) },
        },
      ]));
  it('not nine levels deep', () =>
    given(meeting, scheduled, ...nested(8))
      .when(addAgendaItem, { ...item, number: '9', parent: uuid(107) })
      .thenRefused('agenda-too-deep', 'parent'));
});

describe('the agenda is adopted', () => {
  it('once', () => given(meeting, scheduled, opened, { type: 'agenda-adopted', data: {} }).when(adoptAgenda, {}).thenNothing());
});

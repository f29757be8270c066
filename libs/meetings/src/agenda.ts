// The agenda: numbered items, at most eight levels deep, provisional until it is adopted.
import { command, commons, present, sealText, type Audience, type LocalizedText, type Uuid } from '#kernel';
import { notDuring, unknownItem, whenLate } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import type { ItemPurpose } from './meeting.events.js';
import { meetingRefusals } from './meeting-refusals.js';

const MAX_LEVELS = 8;

export interface AddAgendaItem {
  number: string;
  title: LocalizedText;
  parent?: Uuid;
  purpose: ItemPurpose;
  audience?: Audience;
}

export const addAgendaItem = command<MeetingState, AddAgendaItem>({
  name: 'add-agenda-item',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'item',
  decide(input, state, context) {
    if (state.status === 'cancelled') return meetingRefusals['meeting-cancelled']('It has no agenda any more.');
    // Before the meeting the agenda is being prepared; afterwards what is added needs its reason.
    const barred =
      (state.status === 'concluded' ? notDuring(state, context) : undefined) ??
      (input.parent && unknownItem(state, input.parent, 'parent'));
    if (barred) return barred;
    for (const item of state.items.values()) {
      if (item.number === input.number)
        return meetingRefusals['item-number-taken'](`There is an item ${input.number}.`, {
          fields: [{ field: 'number', reason: 'is taken' }],
        });
    }
    if (input.parent && state.items.get(input.parent)!.level >= MAX_LEVELS)
      return meetingRefusals['agenda-too-deep'](`Its parent lies ${MAX_LEVELS} levels deep.`, {
        fields: [{ field: 'parent', reason: 'lies too deep' }],
      });
    const { number, title, parent, purpose, audience } = input;
    return [
      {
        type: 'agenda-item-added',
        data: {
          ...commons(context),
          ...whenLate(state, context),
          item: context.id('item'),
          number,
          title: sealText(title),
          ...present({ parent, audience }),
          purpose,
        },
      },
    ];
  },
});

export const adoptAgenda = command<MeetingState, object>({
  name: 'adopt-agenda',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  decide(_input, state, context) {
    if (state.agendaAdopted) return [];
    return notDuring(state, context) ?? [{ type: 'agenda-adopted', data: { ...commons(context), ...whenLate(state, context) } }];
  },
});

// Somebody owes something: who, what, until when, and from what it comes.
import { body, bodyRefusals, organisation, person } from '#bodies/contracts';
import { proposal } from '#decisions/contracts';
import {
  command,
  commons,
  liesBefore,
  present,
  sealText,
  timingOf,
  type Audience,
  type DecisionContext,
  type LocalizedText,
  type Look,
  type Refusal,
  type SealedText,
  type Uuid,
} from '#kernel';
import { meeting, meetingRefusals, notOfSender, type MeetingState } from '#meetings/contracts';
import { followUp, type FollowUpState } from './follow-up.js';
import type { Due, Origin, Owner } from './follow-up.events.js';
import { followUpRefusals } from './follow-up-refusals.js';

export interface AssignFollowUp {
  body: Uuid;
  owner: Owner;
  action: LocalizedText;
  due: Omit<Due, 'unspecified'> & { unspecified?: LocalizedText };
  from: Origin;
  audience?: Audience;
}

export const assignFollowUp = command<FollowUpState, AssignFollowUp, { dueAt: MeetingState | undefined }>({
  name: 'assign-follow-up',
  on: followUp,
  roles: ['secretariat'],
  stream: 'new',
  creates: 'stream',
  bodiesOf: (input) => [input.body],
  async look(input, look) {
    const owed = await look.at(body, input.body);
    if (!owed)
      return bodyRefusals['unknown-body'](`There is no body ${input.body}.`, { fields: [{ field: 'body', reason: 'is no body' }] });
    return (
      unclear(input) ?? (await unknownOwner(input, owed.offices, look)) ?? (await unknownOrigin(input.from, look)) ?? lookAtDue(input, look)
    );
  },
  decide(input, _state, context) {
    const { dueAt } = context.seen;
    const barred = (dueAt && notDueAt(dueAt, context)) ?? context.rules.check(dueBefore(input, context));
    if (barred) return barred;
    const { owner, action, due, from, audience } = input;
    const data = {
      ...commons(context),
      body: input.body,
      owner: one(owner),
      action: sealText(action),
      due: one({
        on: due.on,
        meeting: due.meeting,
        nextMeetingOf: due.nextMeetingOf,
        unspecified: due.unspecified && sealText(due.unspecified),
      }) as { unspecified?: SealedText },
      from: present({ decision: from.decision, proposal: from.proposal, view: from.view, remark: from.remark, meeting: from.meeting }),
      ...present({ audience }),
    };
    return [{ type: 'follow-up-assigned', data }];
  },
});

const one = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const count = (...values: unknown[]): number => values.filter((value) => value !== undefined).length;

function unclear({ owner, due, from }: AssignFollowUp): Refusal | undefined {
  if (count(owner.office, owner.organisation, owner.body, owner.person) !== 1)
    return followUpRefusals['owner-unclear']('Name one of office, organisation, body and person.', {
      fields: [{ field: 'owner', reason: 'must name exactly one' }],
    });
  if (count(due.on, due.meeting, due.nextMeetingOf, due.unspecified) !== 1)
    return followUpRefusals['due-unclear']('Name one of on, meeting, nextMeetingOf and unspecified.', {
      fields: [{ field: 'due', reason: 'must name exactly one' }],
    });
  const paired =
    (from.decision !== undefined) === (from.proposal !== undefined) &&
    (from.view !== undefined || from.remark !== undefined) === (from.meeting !== undefined);
  if (count(from.decision, from.view, from.remark) !== 1 || !paired)
    return followUpRefusals['origin-unclear']('Name decision and proposal, or view and meeting, or remark and meeting.', {
      fields: [{ field: 'from', reason: 'must name exactly one origin, with where it lies' }],
    });
  return undefined;
}

async function unknownOwner({ owner, body: owed }: AssignFollowUp, offices: ReadonlySet<Uuid>, look: Look): Promise<Refusal | undefined> {
  const known =
    (owner.office && offices.has(owner.office)) ||
    (owner.organisation && (await look.at(organisation, owner.organisation))) ||
    (owner.body && (owner.body === owed || (await look.at(body, owner.body)))) ||
    (owner.person && (await look.at(person, owner.person)));
  return known
    ? undefined
    : followUpRefusals['unknown-owner']('There is no such office of the body, organisation, body or person.', {
        fields: [{ field: 'owner', reason: 'does not exist' }],
      });
}

async function lookAtDue({ due }: AssignFollowUp, look: Look): Promise<{ dueAt: MeetingState | undefined } | Refusal> {
  if (due.nextMeetingOf && !(await look.at(body, due.nextMeetingOf)))
    return bodyRefusals['unknown-body'](`There is no body ${due.nextMeetingOf}.`, {
      fields: [{ field: 'due.nextMeetingOf', reason: 'is no body' }],
    });
  const at = due.meeting && (await look.at(meeting, due.meeting));
  if (due.meeting && !at)
    return meetingRefusals['unknown-meeting'](`There is no meeting ${due.meeting}.`, {
      fields: [{ field: 'due.meeting', reason: 'is no meeting' }],
    });
  return { dueAt: at || undefined };
}

function notDueAt(at: MeetingState, context: DecisionContext): Refusal | undefined {
  const foreign = notOfSender(at, context, 'due.meeting', 'Let it be due at the next meeting of that body, in due.nextMeetingOf.');
  if (foreign) return foreign;
  return at.status === 'concluded' || at.status === 'cancelled'
    ? followUpRefusals['due-meeting-over'](`It is ${at.status}.`, { fields: [{ field: 'due.meeting', reason: `is ${at.status}` }] })
    : undefined;
}

function dueBefore({ due: { on } }: AssignFollowUp, context: DecisionContext): Refusal | undefined {
  if (on === undefined || !liesBefore({ at: on, byClock: false }, timingOf(context))) return undefined;
  return followUpRefusals['due-before-assigned'](`It would be due on ${on}, and was assigned on ${context.occurredAt}.`, {
    fields: [{ field: 'due.on', reason: 'lies before the assignment' }],
  });
}

async function unknownOrigin(from: Origin, look: Look): Promise<Refusal | undefined> {
  const gone = (what: string) =>
    followUpRefusals['origin-unclear'](`There is no such ${what}.`, { fields: [{ field: 'from', reason: `names no ${what}` }] });
  if (from.decision)
    return (await look.at(proposal, from.proposal!))?.decisions.has(from.decision) && (await look.shows('decisions', from.decision))
      ? undefined
      : gone('decision');
  const at = await look.at(meeting, from.meeting!);
  if (from.view) return at?.requests.has(from.view) && (await look.shows('views', from.view)) ? undefined : gone('request');
  return at?.parts.get(from.remark!) === 'remark' && (await look.shows('remarks', from.remark!)) ? undefined : gone('remark');
}

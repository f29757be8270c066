import { refusals } from '#kernel';

export const followUpRefusals = refusals({
  'owner-unclear': {
    status: 422,
    title: 'Nobody, or more than one, owes it',
    rule: 'Rule 7: a follow-up has one owner: an office, an organisation, a body or a person.',
  },
  'unknown-owner': {
    status: 422,
    title: 'The owner does not exist',
    rule: 'Rule 7: the owner is registered: a person, an organisation, a body, or an office of the body.',
  },
  'due-unclear': {
    status: 422,
    title: 'It is not clear when it is due',
    rule: 'Rule 7: it is due on a date, at a meeting, at the next meeting of a body, or unspecified with the reason: one of these.',
  },
  'due-meeting-over': {
    status: 409,
    title: 'The meeting at which it would be due is over',
    rule: 'Rule 7: it is due at a meeting that is still to be held.',
  },
  'origin-unclear': {
    status: 422,
    title: 'It is not clear what it comes from',
    rule: 'A follow-up names the decision (with its proposal), or the request or undertaking (with its meeting), that it comes from: one of these. A call or a view never becomes one by itself.',
  },
  'before-assigned': {
    status: 422,
    title: 'It would have happened before the follow-up was assigned',
    rule: 'Rule 7: a follow-up is progressed, completed or cancelled once it was assigned. State the day on which it was.',
    overridable: true,
  },
  'due-before-assigned': {
    status: 422,
    title: 'It would be due before it was assigned',
    rule: 'Rule 7: a follow-up is due on the day on which it was assigned, or later. Of one that is recorded late, say in `occurredAt` when it was assigned.',
    overridable: true,
  },
  'follow-up-settled': {
    status: 409,
    title: 'The follow-up is settled',
    rule: 'What is completed or cancelled is not progressed, completed or cancelled again.',
  },
});

import { refusals } from '#kernel';

export const meetingRefusals = refusals({
  'unknown-meeting': { status: 422, title: 'No such meeting', rule: 'A meeting that a command names must be scheduled.' },
  'meeting-of-another-body': {
    status: 422,
    title: 'The meeting is not of this body',
    rule: 'Rule 3: a body decides at its own meetings, or in a written procedure; and a secretariat places at a meeting only what concerns a body for which it writes that meets there.',
  },
  'meeting-not-open': {
    status: 409,
    title: 'The meeting is not open',
    rule: 'Rule 2: what happens at a meeting is recorded once it is open. Open it, with the time when that happened.',
  },
  'meeting-cancelled': {
    status: 409,
    title: 'The meeting was cancelled',
    rule: 'Rule 2: a cancelled meeting is neither opened nor moved. Schedule another one.',
  },
  'meeting-not-scheduled': {
    status: 409,
    title: 'The meeting is past being scheduled',
    rule: 'Rule 2: a meeting is opened, postponed or cancelled before it opens, and concluded while it is open.',
  },
  'meeting-without-date': {
    status: 409,
    title: 'The meeting is postponed to a date that is not known',
    rule: 'Rule 2: a meeting opens only once it is scheduled. Say when it starts instead, by postponing it to that time.',
  },
  'late-without-reason': {
    status: 409,
    title: 'The meeting or sitting is closed, and no reason is given',
    rule: 'Rule 2: what is added after the closing states why, in `late`; what was typed meanwhile (`typedAt` lies between the opening and the closing of the meeting, or of the sitting that is named) needs none.',
  },
  'late-without-time': {
    status: 422,
    title: 'The meeting or sitting is closed, and it is not said when it happened',
    rule: 'Rule 2: what is added after the closing says when it happened, in `occurredAt`: else it would count as of today, with the members and rules of today.',
  },
  'before-meeting': {
    status: 422,
    title: 'It would have happened before the meeting',
    rule: 'Rule 2: what happens at a meeting happens once it has opened. State the day on which it did.',
    overridable: true,
  },
  'after-meeting': {
    status: 422,
    title: 'It would have happened after the meeting',
    rule: 'Rule 2: what happens at a meeting, or in a sitting, happens before its closing. State the day on which it did.',
    overridable: true,
  },
  'closed-before-opened': {
    status: 422,
    title: 'It would close before it opened',
    rule: 'Rule 2: a meeting or sitting closes after it opened. State the day on which it did.',
    overridable: true,
  },
  'another-time-recorded': {
    status: 409,
    title: 'It is recorded with another time',
    rule: 'Rule 1: what is recorded is never changed. What opened or closed is recorded once, with its time.',
  },
  'unknown-sitting': {
    status: 422,
    title: 'The meeting has no such sitting',
    rule: 'A sitting that a command names must be opened in the same meeting.',
  },
  'sitting-open': { status: 409, title: 'Another sitting is open', rule: 'A meeting sits once at a time: close the open sitting first.' },
  'unknown-item': {
    status: 422,
    title: 'The agenda has no such item',
    rule: 'An agenda item that a command names must stand on the agenda of the same meeting.',
  },
  'item-number-taken': {
    status: 409,
    title: 'The number of the agenda item is taken',
    rule: 'Numbers of agenda items are unique in a meeting.',
  },
  'agenda-too-deep': { status: 422, title: 'The agenda is too deep', rule: 'Agenda items lie at most eight levels deep.' },
  'unknown-attendance': {
    status: 404,
    title: 'The meeting has no such attendance',
    rule: 'An attendance that a command names must be recorded in the same meeting.',
  },
  'already-present': {
    status: 409,
    title: 'They are recorded as present already',
    rule: 'Who is present is recorded once: correct the attendance, or record that they left.',
  },
  'return-unclear': {
    status: 422,
    title: 'Nobody knows when they came back',
    rule: 'Rule 3: the quorum is that of the moment. Who had left, and is there again, arrived at a time after that: state it.',
  },
  'already-left': {
    status: 409,
    title: 'It is recorded already when they left',
    rule: 'Rule 1: what is recorded is never changed: correct the attendance, with the reason.',
  },
  'left-before-arrived': {
    status: 422,
    title: 'They would have left before they arrived',
    rule: 'Who is present arrives before they leave.',
  },
  'more-present-than-entitled': {
    status: 422,
    title: 'More are present than are entitled',
    rule: 'Rule 3: those present are some of those entitled.',
  },
  'unknown-remark': {
    status: 404,
    title: 'The meeting has no such remark',
    rule: 'A remark that a command names must be recorded in the same meeting, and not be struck.',
  },
  'unknown-part': {
    status: 404,
    title: 'The meeting has no such part',
    rule: 'What a command names must be recorded in the same meeting.',
  },
  'correction-empty': {
    status: 422,
    title: 'The correction corrects nothing',
    rule: 'Rule 1: a correction replaces, inserts or strikes. Say what it replaces.',
  },
  'speaker-missing': {
    status: 422,
    title: 'Nobody is named',
    rule: 'A speaker, presenter or party is a registered person, an organisation, or named in words.',
  },
  'not-a-plan': {
    status: 422,
    title: 'The document is no plan',
    rule: 'A plan is presented and reviewed as a plan, every other document as a document.',
  },
  'unknown-document': { status: 422, title: 'No such document', rule: 'A document that a command names must be registered.' },
  'period-reversed-meeting': { status: 422, title: 'The meeting would end before it begins', rule: 'A meeting ends after it begins.' },
});

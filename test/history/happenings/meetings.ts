// Meetings from being scheduled to being over, all that happens at them, corrections, strikes, audiences; documents.
import { addAgendaItem, adoptAgenda } from '../../../libs/meetings/src/agenda.js';
import { correctAttendance, endAttendance, recordAttendance, stateAttendance } from '../../../libs/meetings/src/attendance.js';
import { setMeetingAudience, setPartAudience } from '../../../libs/meetings/src/audiences.js';
import { holdDiscussion, holdPanel, makePresentation } from '../../../libs/meetings/src/proceedings.js';
import { correctRemark, makeRemark } from '../../../libs/meetings/src/remarks.js';
import { presentPlan, reviewDocument } from '../../../libs/meetings/src/reviews.js';
import { cancelMeeting, concludeMeeting, openMeeting, postponeMeeting, scheduleMeeting } from '../../../libs/meetings/src/schedule.js';
import { closeSitting, openSitting, takeChair } from '../../../libs/meetings/src/sittings.js';
import { expressView } from '../../../libs/meetings/src/views.js';
import { addVersion, correctDocument, registerDocument, setDocumentAudience } from '../../../libs/documents/src/register-document.js';
import type { KnownMeeting } from '../known.js';
import type { Happening, Happenings, Scene } from './scene.js';

type AtMeeting = (scene: Scene, meeting: KnownMeeting) => Promise<unknown> | undefined;

const atMeeting =
  (happen: AtMeeting): Happening =>
  (scene) => {
    const meeting = scene.meeting();
    return meeting && happen(scene, meeting);
  };
const atStatus =
  (status: KnownMeeting['status'], happen: AtMeeting): Happening =>
  (scene) => {
    const meetings = scene.known.meetings.filter((meeting) => meeting.status === status);
    const meeting = scene.draw.any(scene.draw.chance(9, 10) ? meetings : scene.known.meetings);
    return meeting && happen(scene, meeting);
  };

const schedule: Happening = (scene) => {
  const { draw, known } = scene;
  const bodies = draw.some(known.bodies, 2).map(({ id }) => id);
  if (bodies.length === 0) return undefined;
  return scene.send(scheduleMeeting, scene.fresh(), {
    bodies,
    title: draw.text(),
    session: draw.maybe(() => draw.number(100))!,
    starts: draw.chance(3, 4) ? draw.date(2026, 2) : undefined!,
    zone: 'Europe/Brussels',
    venue: draw.maybe(() => draw.text())!,
    format: draw.from(['in-person', 'hybrid'] as const),
    host: draw.maybe(() => scene.party())!,
    audience: scene.audience()!,
  });
};

const correctedAttendance: AtMeeting = (scene, { id, stated, named }) => {
  const { draw } = scene;
  const attendance = draw.recent([...stated, ...named], 5);
  if (!attendance) return undefined;
  const change = draw.chance(1, 4)
    ? { struck: true }
    : stated.includes(attendance)
      ? { present: draw.number(60) }
      : { as: draw.from(['member', 'observer'] as const), mode: draw.maybe(() => 'remote' as const)! };
  return scene.send(correctAttendance, id, { attendance, ...change, reason: draw.reason() });
};

const correctedRemark: AtMeeting = (scene, { id, remarks }) => {
  const { draw } = scene;
  const remark = draw.recent(remarks, 5);
  if (!remark) return undefined;
  const change = draw.chance(1, 4)
    ? { struck: true }
    : { text: draw.maybe(() => draw.text())!, speaker: draw.maybe(() => scene.party())!, capacity: draw.maybe(() => draw.text())! };
  return scene.send(correctRemark, id, { remark, ...change, reason: draw.reason() });
};

export const meetings: Happenings = {
  'a meeting is scheduled': [6, schedule],
  'a meeting is postponed': [
    4,
    atStatus('scheduled', (scene, { id }) =>
      scene.send(postponeMeeting, id, { starts: scene.draw.maybe(() => scene.draw.date(2026, 2))!, reason: scene.draw.reason() }),
    ),
  ],
  'a meeting is cancelled': [2, atStatus('scheduled', (scene, { id }) => scene.send(cancelMeeting, id, { reason: scene.draw.reason() }))],
  'a meeting opens': [5, atStatus('scheduled', (scene, { id }) => scene.send(openMeeting, id, {}))],
  'a meeting concludes': [4, atStatus('open', (scene, { id }) => scene.send(concludeMeeting, id, {}))],
  'the audience of a meeting is set': [
    2,
    atMeeting((scene, { id }) =>
      scene.send(setMeetingAudience, id, { audience: scene.draw.audience(scene.known.organisations), reason: scene.draw.reason() }),
    ),
  ],
  'the audience of a part is set': [
    5,
    atMeeting((scene, { id, parts, struck }) => {
      const part = scene.draw.chance(1, 6) ? scene.draw.any(struck) : scene.draw.recent(parts, 6);
      return (
        part &&
        scene.send(setPartAudience, id, { part, audience: scene.draw.audience(scene.known.organisations), reason: scene.draw.reason() })
      );
    }),
  ],
  'a sitting opens': [
    2,
    atMeeting((scene, { id }) =>
      scene.send(openSitting, id, { class: scene.draw.from(['open', 'closed'] as const), audience: scene.audience()! }),
    ),
  ],
  'a sitting closes': [2, atMeeting((scene, { id, openSitting: sitting }) => sitting && scene.send(closeSitting, id, { sitting }))],
  'the chair is taken': [
    1,
    atMeeting((scene, { id, openSitting: sitting }) =>
      scene.send(takeChair, id, { chair: scene.party(), sitting: sitting!, capacity: scene.draw.maybe(() => scene.draw.text())! }),
    ),
  ],
  'an item is added': [
    2,
    atMeeting((scene, { id, items }) =>
      scene.send(addAgendaItem, id, {
        number: `${items.length + 1}`,
        title: scene.draw.text(),
        parent: scene.draw.maybe(() => scene.draw.any(items))!,
        purpose: scene.draw.from(['information', 'decision'] as const),
        audience: scene.audience()!,
      }),
    ),
  ],
  'the agenda is adopted': [1, atMeeting((scene, { id }) => scene.send(adoptAgenda, id, {}))],
  'attendance is stated': [
    1,
    atMeeting((scene, { id }) =>
      scene.send(stateAttendance, id, {
        present: scene.draw.number(50),
        entitled: scene.draw.maybe(() => 52)!,
        of: scene.draw.maybe(() => scene.draw.text())!,
        evidence: { words: scene.draw.text() },
      }),
    ),
  ],
  'attendance is recorded': [
    3,
    atMeeting((scene, { id }) =>
      scene.send(recordAttendance, id, {
        party: scene.party(),
        as: scene.draw.from(['member', 'observer'] as const),
        mode: scene.draw.maybe(() => 'remote' as const)!,
      }),
    ),
  ],
  'somebody leaves': [
    1,
    atMeeting((scene, { id, named }) => {
      const attendance = scene.draw.any(named);
      return attendance && scene.send(endAttendance, id, { attendance, left: scene.draw.chance(1, 6) ? scene.draw.past() : scene.today() });
    }),
  ],
  'attendance is corrected': [5, atMeeting(correctedAttendance)],
  'a remark is made': [
    6,
    atMeeting((scene, meeting) =>
      scene.send(makeRemark, meeting.id, {
        speaker: scene.party(),
        capacity: scene.draw.maybe(() => scene.draw.text())!,
        ...scene.place(meeting),
        text: scene.draw.text(),
        audience: scene.audience()!,
      }),
    ),
  ],
  'a remark is corrected': [10, atMeeting(correctedRemark)],
  'a view is expressed': [
    3,
    atMeeting((scene, meeting) =>
      scene.send(expressView, meeting.id, {
        stance: scene.draw.from(['support', 'request', 'objection'] as const),
        by: scene.draw.maybe(() => scene.parties())!,
        several: scene.draw.maybe(() => true)!,
        ...scene.place(meeting),
        text: scene.draw.text(),
        audience: scene.audience()!,
      }),
    ),
  ],
  'a presentation is made': [
    1,
    atMeeting((scene, meeting) =>
      scene.send(makePresentation, meeting.id, {
        title: scene.draw.text(),
        presenters: scene.parties(),
        points: scene.draw.texts(),
        askedFor: scene.draw.maybe(() => scene.draw.texts())!,
        ...scene.place(meeting),
      }),
    ),
  ],
  'a panel is held': [
    1,
    atMeeting((scene, meeting) =>
      scene.send(holdPanel, meeting.id, {
        title: scene.draw.text(),
        panellists: scene.parties(),
        points: scene.draw.texts(),
        ...scene.place(meeting),
      }),
    ),
  ],
  'a discussion is held': [
    1,
    atMeeting((scene, meeting) =>
      scene.send(holdDiscussion, meeting.id, { title: scene.draw.text(), points: scene.draw.texts(), ...scene.place(meeting) }),
    ),
  ],
  'a plan is presented': [
    1,
    atMeeting((scene, meeting) => {
      const document = scene.draw.any([...scene.known.plans, ...scene.known.documents]);
      return (
        document &&
        scene.send(presentPlan, meeting.id, { document, presenters: scene.parties(), points: scene.draw.texts(), ...scene.place(meeting) })
      );
    }),
  ],
  'a document is reviewed': [
    2,
    atMeeting((scene, meeting) => {
      const document = scene.draw.any([...scene.known.plans, ...scene.known.documents]);
      return (
        document &&
        scene.send(reviewDocument, meeting.id, {
          document,
          version: '1',
          outcome: scene.draw.from(['reviewed', 'noted', 'returned'] as const),
          points: scene.draw.maybe(() => scene.draw.texts())!,
          ...scene.place(meeting),
        })
      );
    }),
  ],
};

const ofDocument =
  (happen: (scene: Scene, id: KnownMeeting['id']) => Promise<unknown>): Happening =>
  (scene) => {
    const id = scene.draw.any([...scene.known.documents, ...scene.known.plans]);
    return id && happen(scene, id);
  };

export const documents: Happenings = {
  'a document is registered': [
    2,
    (scene) => {
      const { draw, known } = scene;
      const isPlan = draw.chance(1, 2);
      return scene.send(registerDocument, scene.fresh(), {
        kind: isPlan ? 'plan' : draw.from(['report', 'statement'] as const),
        title: draw.text(),
        symbol: draw.maybe(() => `SP/${draw.number(900)}`)!,
        issuer: draw.maybe(() => draw.any(known.bodies)?.id)!,
        version: '1',
        meeting: draw.maybe(() => draw.any(known.meetings)?.id)!,
        audience: scene.audience()!,
        ...(isPlan && { period: { from: draw.date(2024, 1), until: draw.date(2025, 1) }, parent: draw.any(known.plans)! }),
      });
    },
  ],
  'a version is added': [
    2,
    ofDocument((scene, id) =>
      scene.send(addVersion, id, {
        version: `Rev.${scene.draw.number(5)}`,
        status: scene.draw.maybe(() => 'final' as const)!,
        reason: scene.draw.maybe(() => scene.draw.reason())!,
      }),
    ),
  ],
  'a document is corrected': [
    2,
    ofDocument((scene, id) =>
      scene.send(correctDocument, id, {
        title: scene.draw.maybe(() => scene.draw.text())!,
        date: scene.draw.maybe(() => scene.draw.past())!,
        reason: scene.draw.reason(),
      }),
    ),
  ],
  'the audience of a document is set': [
    1,
    ofDocument((scene, id) =>
      scene.send(setDocumentAudience, id, { audience: scene.draw.audience(scene.known.organisations), reason: scene.draw.reason() }),
    ),
  ],
};

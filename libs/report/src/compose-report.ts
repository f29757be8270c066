// Composes the report of a meeting from the register, in the order of the meeting. Knows no language.
import type { Uuid } from '#kernel';
import { tellBodies, tellParties } from './compose/annex.js';
import { tellAttendance, tellClosing, tellMeeting } from './compose/meeting-frame.js';
import { Mentions } from './compose/named.js';
import { tellProceedings } from './compose/proceedings.js';
import { tellDocuments, tellFollowUps, tellUpcoming } from './compose/what-is-owed.js';
import type { RegisterAt } from './register-at.js';
import type { Report, Section } from './values.js';

/** Undefined where there is no such meeting, or not for this reader. @throws Unreadable */
export async function composeReport(register: RegisterAt, meetingId: Uuid): Promise<Report | undefined> {
  const meeting = register.detail('meetings', meetingId);
  const title = meeting?.texts('title');
  if (!meeting || !title) return undefined;
  const mentions = new Mentions(register);
  const sections: Section[] = [
    tellMeeting(meeting, mentions),
    await tellAttendance(register, meeting, mentions),
    ...(await tellProceedings(register, meeting, mentions)),
    await tellClosing(register, meeting),
    await tellFollowUps(register, meeting, mentions),
    await tellUpcoming(register, meeting, mentions),
    await tellDocuments(register, meeting, mentions),
    ...(await tellBodies(register, mentions)),
    ...tellParties(mentions),
  ];
  return {
    title,
    asOf: register.moment.record,
    incomplete: register.isIncomplete,
    sections: sections.filter((section, index) => isTold(section, sections[index + 1])),
  };
}

/** An empty section goes, unless it is an item of the agenda, or holds deeper ones. */
const isTold = ({ heading, sentences, level }: Section, next: Section | undefined): boolean =>
  sentences.length > 0 || 'record' in heading || (next !== undefined && next.level > level);

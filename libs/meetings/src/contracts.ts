// What other contexts may use of this one: the meeting's state as their commands look at it, and the rules over it.
export { isCountOf, lastArrivalOn, membersByName, statedCount } from './attendance.js';
export { meeting, type MeetingState } from './meeting.js';
export { meetingRefusals } from './meeting-refusals.js';
export { notDuring, notOf, notOfSender, unknownItem, whenLate } from './during.js';
export { findUnknownParty } from './parties.js';
export { unknownRemark } from './remarks.js';
export { attendance, attendanceList, meetings, meetingsList } from './meetings.tables.js';

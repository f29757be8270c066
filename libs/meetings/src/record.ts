// What this context writes and how it is read, without Nest.
export { meetingEventTypes } from './meeting.events.js';
export { meetingsProjection } from './meetings.projection.js';

// What this context writes and how it is read, without Nest.
export { bodyEventTypes } from './body.events.js';
export { bodies, bodiesProjection, membershipsList } from './bodies.projection.js';
export { partyEventTypes } from './party.events.js';

// What this context writes and how it is read, without Nest.
export { identityProjection } from './identity.projection.js';
export { tokenEventTypes } from './token.events.js';

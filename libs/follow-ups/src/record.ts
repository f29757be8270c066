// What this context writes and how it is read, without Nest.
export { carryOverManager } from './carry-over.manager.js';
export { followUpEventTypes } from './follow-up.events.js';
export { followUpsProjection } from './follow-ups.projection.js';

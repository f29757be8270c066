// What this context writes and how it is read, without Nest.
export { allocationEventTypes } from './allocation.events.js';
export { approvalManager } from './approval.manager.js';
export { seatsProjection } from './seats.projection.js';

// How exceptions and activity are read, without Nest.
export { accessProjection } from './access/access.projection.js';
export { activityProjection } from './activity.projection.js';
export { auditProjection } from './exceptions.projection.js';
export { removalsProjection } from './removals.projection.js';

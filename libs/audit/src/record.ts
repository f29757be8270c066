// How exceptions are read, without Nest.
export { auditProjection } from './exceptions.projection.js';
export { removalsProjection } from './removals.projection.js';

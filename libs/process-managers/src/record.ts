// How process managers are read, without Nest.
export { processManagersProjection } from './process-managers.projection.js';

// What this context writes and how it is read, without Nest.
export { documentEventTypes } from './document.events.js';
export { documentsProjection } from './documents.projection.js';

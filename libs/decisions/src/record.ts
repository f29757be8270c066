// What this context writes and how it is read, without Nest.
export { decisionsList, decisionsProjection } from './decisions.projection.js';
export { proposalEventTypes } from './proposal.events.js';
export { replacementManager } from './replacement.manager.js';

// What other contexts may use of this one.
export { decisions } from './decisions.projection.js';
export { decisionRefusals } from './decision-refusals.js';
export { approvesSeats, returnsSeats } from './outcome-for-seats.js';
export { proposal, type ProposalState } from './proposal.js';
export type { DecisionReference, DecisionTaken } from './proposal.events.js';

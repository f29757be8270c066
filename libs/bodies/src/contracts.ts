// What other contexts may use of this one: the states that their commands look at, and the rules over them.
export { bodies } from './bodies.projection.js';
export { body, type BodyState } from './body.js';
export { bodyRefusals } from './body-refusals.js';
export { neededFor, rulesOn } from './body-rules.js';
export { membershipOf, membersOn } from './membership.js';
export { organisation, type OrganisationState } from './organisation.js';
export { person, type PersonState } from './person.js';
export { quotaAt } from './seats-of-body.js';

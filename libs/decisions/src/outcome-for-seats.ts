// What a decision makes of the seat allocations that it covers.
import type { Outcome } from './proposal.events.js';

const APPROVING: ReadonlySet<Outcome> = new Set(['adopted', 'approved', 'endorsed', 'recommended', 'ratified', 'elected']);
const RETURNING: ReadonlySet<Outcome> = new Set(['rejected', 'referred']);

export const approvesSeats = (outcome: Outcome): boolean => APPROVING.has(outcome);
export const returnsSeats = (outcome: Outcome): boolean => RETURNING.has(outcome);

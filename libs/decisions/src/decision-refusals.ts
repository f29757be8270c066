import { refusals } from '#kernel';

export const decisionRefusals = refusals({
  'already-decided': {
    status: 409,
    title: 'The proposal has a decision in force',
    rule: 'Rule 5: a proposal has one decision in force. Supersede or rescind it by a later decision.',
  },
  'proposal-withdrawn': {
    status: 409,
    title: 'The proposal was withdrawn',
    rule: 'Rule 5: a withdrawn proposal may be introduced again as a new one, linked by `takesUp`.',
  },
  'no-proposal': {
    status: 409,
    title: 'No proposal was introduced here',
    rule: 'What is withdrawn, or decided on, must have been introduced.',
  },
  'not-withdrawn': { status: 422, title: 'That proposal was not withdrawn', rule: 'Rule 5: `takesUp` names a withdrawn proposal.' },
  'before-introduced': {
    status: 422,
    title: 'It would have happened before the proposal was introduced',
    rule: 'Rule 2: a proposal is decided, or withdrawn, once it was introduced. State the day on which it was.',
    overridable: true,
  },
  'quorum-not-met': {
    status: 409,
    title: 'The quorum was not met',
    rule: 'Rule 3: without quorum a body notes, defers or adjourns. An override records the decision as contested, to be ratified.',
    overridable: true,
  },
  'unknown-decision': {
    status: 404,
    title: 'The proposal has no such decision',
    rule: 'A decision that a command names must be taken in the stream that it names.',
  },
  'decision-not-in-force': {
    status: 409,
    title: 'The decision is not in force',
    rule: 'Rule 5: only a decision in force is superseded or rescinded.',
  },
  'decision-later': {
    status: 422,
    title: 'The decision was taken later',
    rule: 'Rule 5: a decision is superseded or rescinded, and what it left open is decided or withdrawn, at the same time or later. Where its time was recorded wrongly, override.',
    overridable: true,
  },
  'named-twice': {
    status: 422,
    title: 'Something is named twice',
    rule: 'Rule 5: a decision supersedes, rescinds or approves each thing once, in one way.',
  },
  'decision-of-another-body': {
    status: 422,
    title: 'The decision is another body’s',
    rule: 'Rule 5: a body supersedes and rescinds its own decisions.',
  },
  'allocation-not-proposed': {
    status: 409,
    title: 'The seat allocation is not proposed',
    rule: 'Rule 6: a decision covers allocations that are proposed and await it, or were settled by a decision that it supersedes.',
  },
  'before-proposed': {
    status: 422,
    title: 'It would have been decided before the seats were proposed',
    rule: 'Rule 6: an allocation goes from proposed to nominated. State the day on which it was decided.',
    overridable: true,
  },
  'allocation-of-another-body': {
    status: 422,
    title: 'Another body nominates',
    rule: 'Rule 6: an allocation names the body that nominates: its decision approves it.',
  },
});

import { refusals } from '#kernel';

export const bodyRefusals = refusals({
  'unknown-body': { status: 422, title: 'No such body', rule: 'A body that a command names must be established.' },
  'unknown-organisation': { status: 422, title: 'No such organisation', rule: 'An organisation that a command names must be registered.' },
  'unknown-person': { status: 422, title: 'No such person', rule: 'A person that a command names must be registered.' },
  'unknown-region': {
    status: 422,
    title: 'The body has no such region',
    rule: 'Rule 6: a region is an entity of the body whose members it divides.',
  },
  'unknown-term': {
    status: 422,
    title: 'The body has no such term',
    rule: 'Rule 6: a term is an entity of the body whose seats it times.',
  },
  'unknown-membership': { status: 404, title: 'The body has no such membership', rule: 'A membership that ends must have begun.' },
  'unknown-office': { status: 404, title: 'The body has no such office', rule: 'An office must be established before somebody holds it.' },
  'unknown-tenure': { status: 404, title: 'The office has no such tenure', rule: 'A tenure that ends must have begun.' },
  'already-member': {
    status: 409,
    title: 'The organisation is a member or observer already',
    rule: 'An organisation has one membership of a body at a time: end the standing one first.',
  },
  'period-reversed': {
    status: 422,
    title: 'The period ends before it begins',
    rule: 'A period ends on or after the day on which it begins.',
  },
  'terms-overlap': { status: 422, title: 'The terms would overlap', rule: 'Rule 6: the terms of a body do not overlap.' },
  'quorum-rule-unclear': {
    status: 422,
    title: 'The quorum rule says neither a count nor a share',
    rule: 'Rule 3: a quorum is a fixed count of at least one, or a share numerator/denominator above none and of at most one.',
  },
  'quorum-rule-repeated': {
    status: 422,
    title: 'Two quorum rules are for one purpose',
    rule: 'Rule 3: the rules of a body say one quorum for each purpose.',
  },
  'party-missing': { status: 422, title: 'Nobody is named', rule: 'Name a person, an organisation, or both.' },
});

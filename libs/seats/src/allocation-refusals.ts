import { refusals } from '#kernel';

export const allocationRefusals = refusals({
  'beyond-quota': {
    status: 409,
    title: 'The region has fewer seats',
    rule: 'Rule 6: no region beyond its quota of that time, neither when its seats are proposed nor when they are approved. The body sets its quotas with the article that says so.',
    overridable: true,
  },
  'no-quota': {
    status: 409,
    title: 'The region has no quota on the body',
    rule: 'Rule 6: no region beyond its quota. Set the quota, with the article that says so, before its seats are proposed or approved.',
    overridable: true,
  },
  'nominating-for-others': {
    status: 422,
    title: 'The body nominates for a region that is not its own',
    rule: 'Rule 6: an allocation names the body that nominates for the region: the one whose members the region divides, or one with members in the region.',
    overridable: true,
  },
  'double-seat': {
    status: 409,
    title: 'A member would have two regional seats',
    rule: 'Rule 6: no member with two regional seats on one body in a term.',
  },
  'not-of-region': {
    status: 422,
    title: 'The holder is no member of the region',
    rule: 'Rule 6: only members of the region hold its seats.',
    overridable: true,
  },
  'unknown-seat': { status: 422, title: 'The allocation has no such seat', rule: 'Seats of an allocation are numbered from 1.' },
  'allocation-returned': {
    status: 409,
    title: 'The allocation was returned',
    rule: 'Rule 6: holders are named on an allocation that is proposed or approved.',
  },
  'seat-held': { status: 409, title: 'The seat is held', rule: 'Rule 6: a seat is vacated before it is filled for the rest of the term.' },
  'outside-term': {
    status: 422,
    title: 'The day lies outside the term',
    rule: 'Rule 6: seats are held within the term of the allocation.',
  },
  'allocation-standing': {
    status: 409,
    title: 'The allocation stands already',
    rule: 'Rule 6: one allocation a body, region and term. One that was returned may be proposed again.',
  },
  'no-election-unclear': {
    status: 422,
    title: 'Neither who elects nor why nobody does',
    rule: 'Rule 6: an allocation names the body that elects, or the rule by which no election is needed; not both.',
  },
});

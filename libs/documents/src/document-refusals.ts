import { refusals } from '#kernel';

export const documentRefusals = refusals({
  'not-a-plan-document': {
    status: 422,
    title: 'Only a plan has a period and a parent',
    rule: 'A plan is a document under consideration with a period and perhaps a parent plan: register it with the kind plan.',
  },
  'unknown-parent-plan': { status: 422, title: 'No such plan', rule: 'The parent of a plan is a registered plan.' },
  'version-taken': { status: 409, title: 'The document has this version already', rule: 'Each version of a document is added once.' },
  'document-period-reversed': {
    status: 422,
    title: 'The period of the plan ends before it begins',
    rule: 'A period ends on or after the day on which it begins.',
  },
});

// The annex: who and what the report mentions, as the register has them: bodies with regions, seats, terms, offices and members; organisations; persons.
import type { Known, RegisterAt } from '../register-at.js';
import { sentence, type Section, type Sentence } from '../values.js';
import type { Mentions } from './named.js';

export async function tellBodies(register: RegisterAt, mentions: Mentions): Promise<Section[]> {
  for (const body of mentions.mentioned('bodies')) mentions.of(body, 'parent', 'bodies');
  const sections: Section[] = [{ heading: { phrase: 'heading-annex' }, level: 2, sentences: [] }];
  for (const body of mentions.mentioned('bodies')) {
    const scope = { body: body.id };
    const name = body.texts('name');
    const sentences: Sentence[] = [
      sentence('body', body.began, { name, kind: body.code('kind'), parent: mentions.of(body, 'parent', 'bodies') }),
    ];
    for (const rules of await register.list('body-rules', scope))
      sentences.push(sentence('body-rules', rules.began, { article: rules.shown('article'), from: rules.date('inForceFrom') }));
    for (const region of await register.list('regions', scope))
      sentences.push(sentence('region', region.began, { name: region.texts('name') }));
    for (const quota of await register.list('seat-quotas', scope))
      sentences.push(
        sentence('quota', quota.from('seats'), {
          region: mentions.of(quota, 'region', 'regions'),
          seats: quota.shown('seats'),
          article: quota.shown('article'),
        }),
      );
    for (const term of await register.list('terms', scope))
      sentences.push(sentence('term', term.began, { name: term.texts('name'), from: term.date('from'), until: term.date('until') }));
    for (const office of await register.list('offices', scope))
      sentences.push(sentence('office', office.began, { name: office.texts('name'), region: mentions.of(office, 'region', 'regions') }));
    for (const tenure of await register.list('tenures', scope)) sentences.push(tellTenure(tenure, mentions));
    for (const membership of await register.list('memberships', scope)) sentences.push(tellMembership(membership, mentions));
    sections.push({ heading: sentence('heading-body', body.from('name'), { name }), level: 3, sentences });
  }
  return sections;
}

const tellTenure = (tenure: Known, mentions: Mentions): Sentence =>
  sentence(tenure.get('acting') ? 'tenure-acting' : 'tenure', tenure.began, {
    office: mentions.of(tenure, 'office', 'offices'),
    person: mentions.of(tenure, 'person', 'persons') ?? mentions.of(tenure, 'organisation', 'organisations'),
    organisation: tenure.get('person') ? mentions.of(tenure, 'organisation', 'organisations') : undefined,
    from: tenure.date('from'),
    until: tenure.date('until'),
  });

const tellMembership = (membership: Known, mentions: Mentions): Sentence =>
  sentence(`membership-${membership.get<string>('as')}`, membership.began, {
    organisation: mentions.of(membership, 'organisation', 'organisations'),
    region: mentions.of(membership, 'region', 'regions'),
    from: membership.date('from'),
    until: membership.date('until'),
  });

/** Persons first: they mention organisations. */
export function tellParties(mentions: Mentions): Section[] {
  const persons = mentions.mentioned('persons').map((person) =>
    sentence('person', person.began, {
      name: person.texts('name'),
      position: person.texts('position'),
      organisation: mentions.of(person, 'organisation', 'organisations'),
    }),
  );
  const organisations = mentions.mentioned('organisations').map((organisation) =>
    sentence('organisation', organisation.began, {
      name: organisation.texts('name'),
      shortName: organisation.texts('shortName'),
      kind: organisation.code('kind'),
    }),
  );
  return [
    { heading: { phrase: 'heading-persons' }, level: 3, sentences: persons },
    { heading: { phrase: 'heading-organisations' }, level: 3, sentences: organisations },
  ];
}

import { describe, it } from '@jest/globals';
import { sealed, type CivilDate, type DomainEvent } from '#kernel';
import { given, made, uuid } from '../../kernel/src/testing/index.js';
import { body } from './body.js';
import { assumeOffice, establishOffice, vacateOffice } from './office.js';
import { organisation } from './organisation.js';
import { person } from './person.js';

const day = (text: string) => text as CivilDate;
const name = [{ lang: 'en', text: sealed('Somebody') }];
const [office, region, who, member, tenure] = [uuid(1), uuid(2), uuid(3), uuid(4), uuid(5)];
const established: DomainEvent = { type: 'body-established', data: { kind: 'council', name, audience: { kind: 'members' } } };
const registeredPerson: DomainEvent = { type: 'person-registered', data: { name } };
const registeredMember: DomainEvent = { type: 'organisation-registered', data: { kind: 'other', name } };
const chair: DomainEvent = { type: 'office-established', data: { office, kind: 'chair', name } };
const assumed = (until?: string): DomainEvent => ({
  type: 'office-assumed',
  data: { office, tenure, person: who, from: '2024-01-01', ...(until && { until }) },
});
const vacated = (until: string): DomainEvent => ({ type: 'office-vacated', data: { office, tenure, until, reason: { code: 'other' } } });
const reason = { code: 'other' as const };

describe('an office is established', () => {
  const input = { kind: 'vice-chair' as const, name: [{ lang: 'en', text: 'Vice-Chair' }] };
  const data = { office: made('office'), kind: 'vice-chair', name: [{ lang: 'en', text: sealed('Vice-Chair') }] };

  it('for the body', () =>
    given(body, established)
      .when(establishOffice, input)
      .then([{ type: 'office-established', data }]));
  it('for a region', () =>
    given(body, established, { type: 'region-defined', data: { region, name } })
      .when(establishOffice, { ...input, region })
      .then([{ type: 'office-established', data: { ...data, region } }]));
  it("not for a region that is not this body's", () =>
    given(body, established)
      .when(establishOffice, { ...input, region })
      .thenRefused('unknown-region', 'region'));
});

describe('an office is assumed', () => {
  const open = given(body, established, chair).and(person, who, registeredPerson).and(organisation, member, registeredMember);
  const from = day('2024-07-01');

  it('by a person', () =>
    open
      .when(assumeOffice, { office, person: who, from })
      .then([{ type: 'office-assumed', data: { office, tenure: made('tenure'), person: who, from } }]));
  it('by a member and exercised by a person, acting, for a time', () =>
    open.when(assumeOffice, { office, person: who, organisation: member, from, until: day('2024-07-01'), acting: true }).then([
      {
        type: 'office-assumed',
        data: { office, tenure: made('tenure'), person: who, organisation: member, from, until: '2024-07-01', acting: true },
      },
    ]));

  it('not where there is none, whatever else is wrong', () =>
    given(body, established).when(assumeOffice, { office, from }).thenRefused('unknown-office'));
  it('not by nobody', () => open.when(assumeOffice, { office, from }).thenRefused('party-missing'));
  it('not by a person who is not registered', () =>
    open.when(assumeOffice, { office, person: uuid(9), organisation: uuid(9), from }).thenRefused('unknown-person', 'person'));
  it('not by an organisation that is not registered', () =>
    open.when(assumeOffice, { office, person: who, organisation: uuid(9), from }).thenRefused('unknown-organisation', 'organisation'));
  it('not until before it begins', () =>
    open.when(assumeOffice, { office, person: who, from, until: day('2024-06-30') }).thenRefused('period-reversed'));
});

describe('an office is vacated', () => {
  const held = given(body, established, chair, assumed());

  it('with a day and a reason', () => held.when(vacateOffice, { tenure, until: day('2024-06-30'), reason }).then([vacated('2024-06-30')]));
  it('earlier than it was to end', () =>
    given(body, established, chair, assumed('2024-12-31'))
      .when(vacateOffice, { tenure, until: day('2024-06-30'), reason })
      .then([vacated('2024-06-30')]));
  it('is so already, as it was to end', () =>
    given(body, established, chair, assumed('2024-12-31'))
      .when(vacateOffice, { tenure, until: day('2024-12-31'), reason })
      .thenNothing());
  it('is so already', () =>
    given(body, established, chair, assumed(), vacated('2024-06-30'))
      .when(vacateOffice, { tenure, until: day('2024-06-30'), reason })
      .thenNothing());
  it('not before it was assumed', () =>
    held.when(vacateOffice, { tenure, until: day('2023-12-31'), reason }).thenRefused('period-reversed', 'until'));
  it('not where nobody holds it', () =>
    held.when(vacateOffice, { tenure: uuid(9), until: day('2024-06-30'), reason }).thenRefused('unknown-tenure'));
});

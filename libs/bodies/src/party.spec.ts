import { describe, it } from '@jest/globals';
import { sealed, type DomainEvent } from '#kernel';
import { given, uuid } from '../../kernel/src/testing/index.js';
import { organisation, registerOrganisation, renameOrganisation } from './organisation.js';
import { correctPerson, person, registerPerson } from './person.js';

const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const employer = uuid(1);
const registeredOrganisation: DomainEvent = {
  type: 'organisation-registered',
  data: { kind: 'state-administration', name: sealedEn('Norwegian Customs') },
};
const registeredPerson: DomainEvent = { type: 'person-registered', data: { name: sealedEn('Øystein Børmer') } };
const reason = { code: 'typing' as const };

describe('an organisation', () => {
  it('is registered', () =>
    given(organisation)
      .when(registerOrganisation, { kind: 'state-administration', name: en('Norwegian Customs') })
      .then([registeredOrganisation]));
  it('is registered with a short name', () =>
    given(organisation)
      .when(registerOrganisation, { kind: 'regional-office', name: en('Regional Office'), shortName: en('ROCB') })
      .then([
        {
          type: 'organisation-registered',
          data: { kind: 'regional-office', name: sealedEn('Regional Office'), shortName: sealedEn('ROCB') },
        },
      ]));
  it('is renamed, with a reason', () =>
    given(organisation, registeredOrganisation)
      .when(renameOrganisation, { name: en('Customs of Norway'), reason })
      .then([{ type: 'organisation-renamed', data: { name: sealedEn('Customs of Norway'), reason } }]));
});

describe('a person', () => {
  it('is registered', () =>
    given(person)
      .when(registerPerson, { name: en('Øystein Børmer') })
      .then([registeredPerson]));
  it('is registered with position and organisation', () =>
    given(person)
      .and(organisation, employer, registeredOrganisation)
      .when(registerPerson, { name: en('Øystein Børmer'), position: en('Director General'), organisation: employer })
      .then([
        {
          type: 'person-registered',
          data: { name: sealedEn('Øystein Børmer'), position: sealedEn('Director General'), organisation: employer },
        },
      ]));
  it('is not registered under an organisation that is none', () =>
    given(person)
      .when(registerPerson, { name: en('Somebody'), organisation: employer })
      .thenRefused('unknown-organisation', 'organisation'));

  it('is corrected in what is named', () =>
    given(person, registeredPerson)
      .and(organisation, employer, registeredOrganisation)
      .when(correctPerson, { position: en('Director General'), organisation: employer, reason })
      .then([{ type: 'person-corrected', data: { position: sealedEn('Director General'), organisation: employer, reason } }]));
  it('is not corrected to an organisation that is none', () =>
    given(person, registeredPerson)
      .when(correctPerson, { organisation: employer, reason })
      .thenRefused('unknown-organisation', 'organisation'));
  it('is not corrected in nothing', () => given(person, registeredPerson).when(correctPerson, { reason }).thenNothing());
});

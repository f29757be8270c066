import { describe, it } from '@jest/globals';
import { sealed, type DomainEvent } from '#kernel';
import { given, uuid } from '../../kernel/src/testing/index.js';
import { body } from './body.js';
import { establishBody, renameBody, setBodyAudience } from './establish-body.js';

const parent = uuid(1);
const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const established: DomainEvent = {
  type: 'body-established',
  data: { kind: 'council', name: sealedEn('Council'), audience: { kind: 'members' } },
};
const restricted = { kind: 'restricted' as const, organisations: [uuid(2), uuid(3)], roles: ['delegate' as const] };
const reason = { code: 'other' as const, text: en('By decision') };

describe('a body is established', () => {
  it('for its members to read, where nothing is said', () =>
    given(body)
      .when(establishBody, { kind: 'council', name: en('Council') })
      .then([established]));

  it('with all that is known of it', () =>
    given(body)
      .and(body, parent, established)
      .when(establishBody, {
        kind: 'commission',
        name: [...en('Policy Commission'), { lang: 'fr', text: 'Commission' }],
        parent,
        zone: 'Europe/Brussels',
        audience: { kind: 'public' },
      })
      .then([
        {
          type: 'body-established',
          data: {
            kind: 'commission',
            name: [...sealedEn('Policy Commission'), { lang: 'fr', text: sealed('Commission') }],
            parent,
            zone: 'Europe/Brussels',
            audience: { kind: 'public' },
          },
        },
      ]));

  it('under a body that is there', () =>
    given(body)
      .when(establishBody, { kind: 'commission', name: en('Commission'), parent })
      .thenRefused('unknown-body', 'parent'));
});

describe('a body is renamed', () => {
  it('with a reason', () =>
    given(body, established)
      .when(renameBody, { name: en('Assembly'), reason })
      .then([{ type: 'body-renamed', data: { name: sealedEn('Assembly'), reason: { code: 'other', text: sealedEn('By decision') } } }]));
});

describe('the audience of a body', () => {
  it('is set', () =>
    given(body, established)
      .when(setBodyAudience, { audience: restricted, reason: { code: 'typing' } })
      .then([{ type: 'body-audience-set', data: { audience: restricted, reason: { code: 'typing' } } }]));

  it('is so already since it was established', () =>
    given(body, established)
      .when(setBodyAudience, { audience: { kind: 'members' }, reason })
      .thenNothing());

  it('is so already, in whatever order it is written', () =>
    given(body, established, { type: 'body-audience-set', data: { audience: restricted, reason: { code: 'other' } } })
      .when(setBodyAudience, { audience: { roles: ['delegate'], organisations: [uuid(3), uuid(2)], kind: 'restricted' }, reason })
      .thenNothing());
});

import { describe, expect, it } from '@jest/globals';
import { sealed, type CivilDate, type DomainEvent } from '#kernel';
import { given, made, uuid } from '../../kernel/src/testing/index.js';
import { body } from './body.js';
import { admitMember, defineRegion, endMembership, membershipOf } from './membership.js';
import { organisation } from './organisation.js';

const day = (text: string) => text as CivilDate;
const name = [{ lang: 'en', text: sealed('Somebody') }];
const [norway, region, first, second] = [uuid(1), uuid(2), uuid(3), uuid(4)];
const established: DomainEvent = { type: 'body-established', data: { kind: 'council', name, audience: { kind: 'members' } } };
const registered: DomainEvent = { type: 'organisation-registered', data: { kind: 'state-administration', name } };
const regionDefined: DomainEvent = { type: 'region-defined', data: { region, name } };
const admitted = (membership: string, from: string): DomainEvent => ({
  type: 'member-admitted',
  data: { membership, organisation: norway, as: 'member', from },
});
const ended = (membership: string, until: string): DomainEvent => ({
  type: 'membership-ended',
  data: { membership, until, reason: { code: 'other' } },
});
const reason = { code: 'other' as const };

describe('a member is admitted', () => {
  const member = { organisation: norway, as: 'member' as const, from: day('2024-01-01') };
  const event: DomainEvent = { type: 'member-admitted', data: { membership: made('membership'), ...member } };

  it('from a day', () => given(body, established).and(organisation, norway, registered).when(admitMember, member).then([event]));

  it('as an observer, in a region', () =>
    given(body, established, regionDefined)
      .and(organisation, norway, registered)
      .when(admitMember, { ...member, as: 'observer', region })
      .then([{ type: 'member-admitted', data: { membership: made('membership'), ...member, as: 'observer', region } }]));

  it('not where the organisation is not registered, whatever else is wrong', () =>
    given(body, established, admitted(first, '2023-01-01'))
      .when(admitMember, { ...member, region })
      .thenRefused('unknown-organisation', 'organisation'));

  it("not into a region that is not this body's", () =>
    given(body, established, admitted(first, '2023-01-01'))
      .and(organisation, norway, registered)
      .when(admitMember, { ...member, region })
      .thenRefused('unknown-region', 'region'));

  it.each<[string, DomainEvent[], boolean]>([
    ['a standing membership', [admitted(first, '2023-01-01')], true],
    ['one that begins that day', [admitted(first, '2024-01-01')], true],
    ['one that is to begin', [admitted(first, '2025-01-01')], true],
    ['one that ends that day', [admitted(first, '2023-01-01'), ended(first, '2024-01-01')], true],
    ['one that ended the day before', [admitted(first, '2023-01-01'), ended(first, '2023-12-31')], false],
  ])('one membership at a time: %s', (_, events, refused) => {
    const result = given(body, established, ...events)
      .and(organisation, norway, registered)
      .when(admitMember, member);
    return refused ? result.thenRefused('already-member') : result.then([event]);
  });
});

describe('a membership ends', () => {
  const standing = given(body, established, admitted(first, '2024-01-01'));

  it('with a day and a reason', () =>
    standing.when(endMembership, { membership: first, until: day('2024-06-30'), reason }).then([ended(first, '2024-06-30')]));
  it('on the day on which it began', () =>
    standing.when(endMembership, { membership: first, until: day('2024-01-01'), reason }).then([ended(first, '2024-01-01')]));
  it('not before it began', () =>
    standing.when(endMembership, { membership: first, until: day('2023-12-31'), reason }).thenRefused('period-reversed', 'until'));
  it('not where there is none', () =>
    standing.when(endMembership, { membership: second, until: day('2024-06-30'), reason }).thenRefused('unknown-membership'));

  it('is so already', () =>
    given(body, established, admitted(first, '2024-01-01'), ended(first, '2024-06-30'))
      .when(endMembership, { membership: first, until: day('2024-06-30'), reason })
      .thenNothing());

  it('is moved, but not into the one that follows', () => {
    const followed = given(body, established, admitted(first, '2024-01-01'), ended(first, '2024-06-30'), admitted(second, '2024-08-01'));
    return Promise.all([
      followed.when(endMembership, { membership: first, until: day('2024-07-31'), reason }).then([ended(first, '2024-07-31')]),
      followed.when(endMembership, { membership: first, until: day('2024-08-01'), reason }).thenRefused('already-member'),
    ]);
  });
});

it('a membership covers both its first and its last day', () => {
  const state = given(body, established, admitted(first, '2024-01-01'), ended(first, '2024-06-30')).state();
  expect(['2023-12-31', '2024-01-01', '2024-06-30', '2024-07-01'].map((date) => membershipOf(state, norway, date) !== undefined)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(membershipOf(state, uuid(99), '2024-01-01')).toBeUndefined();
});

it('a region is defined', () =>
  given(body, established)
    .when(defineRegion, { name: [{ lang: 'en', text: 'Europe' }] })
    .then([{ type: 'region-defined', data: { region: made('region'), name: [{ lang: 'en', text: sealed('Europe') }] } }]));

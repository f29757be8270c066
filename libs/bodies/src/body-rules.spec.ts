import { describe, expect, it } from '@jest/globals';
import { sealed, type CivilDate, type DomainEvent } from '#kernel';
import { given, uuid, THE_STREAM } from '../../kernel/src/testing/index.js';
import { body } from './body.js';
import type { QuorumRule } from './body.events.js';
import { neededFor, rulesOn, stateRules } from './body-rules.js';

const day = (text: string) => text as CivilDate;
const established: DomainEvent = {
  type: 'body-established',
  data: { kind: 'council', name: [{ lang: 'en', text: sealed('Council') }], audience: { kind: 'members' } },
};
const stated = (inForceFrom: string, count: number): DomainEvent => ({
  type: 'body-rules-stated',
  data: { inForceFrom, quorum: [{ for: 'deciding', count }] },
});

describe('the rules of a body are stated', () => {
  it('with their article and the day from which they are in force', () => {
    const quorum: QuorumRule[] = [
      { for: 'opening', numerator: 1, denominator: 2, moreThan: true },
      { for: 'deciding', count: 12 },
    ];
    return given(body, established)
      .when(stateRules, { article: 'Rule 7', inForceFrom: day('2024-01-01'), quorum })
      .then([{ type: 'body-rules-stated', data: { article: 'Rule 7', inForceFrom: '2024-01-01', quorum } }]);
  });

  it('without any quorum', () =>
    given(body, established)
      .when(stateRules, { inForceFrom: day('2024-01-01'), quorum: [] })
      .then([{ type: 'body-rules-stated', data: { inForceFrom: '2024-01-01', quorum: [] } }]));

  it.each<[string, Omit<QuorumRule, 'for'>]>([
    ['nothing', {}],
    ['a count and a share', { count: 3, numerator: 1, denominator: 2 }],
    ['a count and half a share', { count: 3, numerator: 1 }],
    ['a numerator alone', { numerator: 1 }],
    ['a denominator alone', { denominator: 2 }],
    ['a share of nothing', { numerator: 0, denominator: 0 }],
    ['more than all', { numerator: 3, denominator: 2 }],
    ['a share of none', { numerator: 0, denominator: 5 }],
    ['a count of none', { count: 0 }],
  ])('neither as a count nor as a share: %s', (_, rule) =>
    given(body, established)
      .when(stateRules, {
        inForceFrom: day('2024-01-01'),
        quorum: [
          { for: 'opening', count: 1 },
          { for: 'deciding', ...rule },
        ],
      })
      .thenRefused('quorum-rule-unclear', 'quorum[1]'),
  );

  it('not twice for one purpose', () =>
    given(body, established)
      .when(stateRules, {
        inForceFrom: day('2024-01-01'),
        quorum: [
          { for: 'deciding', count: 1 },
          { for: 'opening', count: 1 },
          { for: 'deciding', count: 9 },
        ],
      })
      .thenRefused('quorum-rule-repeated', 'quorum[2].for'));
});

describe('the rules in force on a day', () => {
  const state = given(
    body,
    established,
    stated('2024-01-01', 1),
    stated('2025-01-01', 2),
    stated('2024-06-01', 3),
    stated('2024-06-01', 4),
  ).state();

  it.each([
    ['2023-12-31', undefined],
    ['2024-01-01', 1],
    ['2024-05-31', 1],
    // Of two statements for one day the later one replaces the other.
    ['2024-06-01', 4],
    ['2024-12-31', 4],
    ['2025-01-01', 2],
    ['2030-01-01', 2],
  ])('%s', (date, count) => expect(rulesOn(state, date)?.quorum[0]!.count).toBe(count));
});

describe('how many are needed', () => {
  it.each<[string, QuorumRule, number | undefined, number | undefined]>([
    ['a count', { for: 'deciding', count: 12 }, undefined, 12],
    ['at least half of an even number', { for: 'deciding', numerator: 1, denominator: 2 }, 52, 26],
    ['at least half of an odd number', { for: 'deciding', numerator: 1, denominator: 2 }, 53, 27],
    ['more than half of an even number', { for: 'deciding', numerator: 1, denominator: 2, moreThan: true }, 52, 27],
    ['more than half of an odd number', { for: 'deciding', numerator: 1, denominator: 2, moreThan: true }, 53, 27],
    ['two thirds', { for: 'deciding', numerator: 2, denominator: 3 }, 52, 35],
    ['two thirds, exactly', { for: 'deciding', numerator: 2, denominator: 3 }, 51, 34],
    ['more than two thirds, exactly', { for: 'deciding', numerator: 2, denominator: 3, moreThan: true }, 51, 35],
    ['a share of nobody', { for: 'deciding', numerator: 1, denominator: 2 }, 0, 0],
    ['a share of an unknown number', { for: 'deciding', numerator: 1, denominator: 2 }, undefined, undefined],
    ['no rule for this', { for: 'elections', count: 12 }, 52, undefined],
  ])('%s', (_, rule, entitled, needed) =>
    expect(neededFor({ inForceFrom: day('2024-01-01'), quorum: [rule] }, 'deciding', entitled)).toBe(needed),
  );

  it('no rules at all', () => expect(neededFor(undefined, 'deciding', 52)).toBeUndefined());
});

describe('a body', () => {
  it('is written by its own secretariat', () => expect(body.bodies(given(body, established).state(), THE_STREAM)).toEqual([THE_STREAM]));
  it('keeps no texts', () =>
    expect(
      JSON.stringify([
        ...given(body, established, {
          type: 'term-defined',
          data: { term: uuid(1), name: [{ lang: 'en', text: sealed('Term') }], from: '2024-01-01', until: '2024-12-31' },
        }).state().terms,
      ]),
    ).not.toContain('Term'));
});

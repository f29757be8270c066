import { describe, expect, it } from '@jest/globals';
import { livePolicy, sealEvidence, type Override } from './policy.js';
import { isRefusal, refusalCatalogue, refusals } from './refusal.js';
import { sealed } from './sealed.js';

const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const made = refusals({
  'spec-strict': { status: 409, title: 'Never let through', rule: 'A rule that cannot be overridden.' },
  'spec-lenient': { status: 422, title: 'Let through at times', rule: 'A rule that can be overridden.', overridable: true },
});
const strict = made['spec-strict']('It is so.');
const lenient = made['spec-lenient']('It is so, too.');
const override: Override = { reason: en('The chair ruled'), authority: en('Rule 12'), evidence: { none: en('Not minuted') } };
const exception = {
  rule: 'spec-lenient',
  as: 'override',
  reason: sealedEn('The chair ruled'),
  authority: sealedEn('Rule 12'),
  evidence: { none: sealedEn('Not minuted') },
};

describe('a broken rule', () => {
  it.each([
    ['that can be overridden, with an override', lenient, override, undefined, { exceptions: [exception] }],
    ['that can be overridden, without', lenient, undefined, lenient, {}],
    ['that cannot be overridden, with an override', strict, override, strict, {}],
    ['that cannot be overridden, without', strict, undefined, strict, {}],
  ])('%s', (_, broken, sent, stopped, exceptions) => {
    const rules = livePolicy(sent);
    expect(rules.broken(broken)).toBe(stopped);
    expect(rules.exceptions()).toEqual(exceptions);
  });
});

it('is not overridden on evidence that names nothing', () => {
  const rules = livePolicy({ ...override, evidence: { documents: [] } });
  expect(rules.broken(lenient)).toMatchObject({ code: 'evidence-missing', fields: [{ field: 'override.evidence' }] });
  expect(rules.exceptions()).toEqual({});
});

describe('several rules, checked in order', () => {
  it('nothing broken: nothing is recorded', () => {
    const rules = livePolicy(override);
    expect(rules.check(undefined, undefined)).toBeUndefined();
    expect(rules.exceptions()).toEqual({});
  });
  it('the first that stops, stops', () => expect(livePolicy(undefined).check(undefined, lenient, strict)).toBe(lenient));
  it('one that is let through does not hide the next', () => expect(livePolicy(override).check(lenient, strict)).toBe(strict));
  it('every one that is let through is recorded', () => {
    const rules = livePolicy({ reason: override.reason, authority: override.authority });
    expect(rules.check(lenient, undefined, lenient)).toBeUndefined();
    const { rule, as, reason, authority } = exception;
    const bare = { rule, as, reason, authority };
    expect(rules.exceptions()).toEqual({ exceptions: [bare, bare] });
  });
});

it('evidence is sealed where it is typed, and only what there is of it', () => {
  expect(sealEvidence({})).toEqual({});
  expect(sealEvidence({ words: en('so'), documents: [], remarks: [] })).toEqual({ words: sealedEn('so'), documents: [], remarks: [] });
});

describe('refusals', () => {
  it('carry their code, detail, fields and the time to wait', () => {
    const refusal = made['spec-strict']('Wrong.', { fields: [{ field: 'a', reason: 'is wrong' }], retryAfter: 5 });
    expect(refusal).toMatchObject({
      code: 'spec-strict',
      detail: 'Wrong.',
      fields: [{ field: 'a', reason: 'is wrong' }],
      retryAfter: 5,
      kind: { status: 409 },
    });
    expect([refusal, {}, undefined, 'spec-strict'].map(isRefusal)).toEqual([true, false, false, false]);
  });
  it('stand in the catalogue', () => expect(refusalCatalogue().get('spec-strict')).toBe(made['spec-strict'].kind));
  it('are declared once', () =>
    expect(() => refusals({ 'spec-strict': { status: 400, title: 'Again', rule: 'Again.' } })).toThrow('declared twice'));
});

// A step of a replay in words, also where there is little to say.
import { expect, it } from '@jest/globals';
import { describeStep } from './replay-step.js';

const event = { record: 7, type: 'remark-made', stream: 'meeting-x', recordedAt: '2024-04-29T07:30:00.000Z' };

it('says what happened, when, and by whom', () => {
  const [head, when, change] = describeStep({
    event: { ...event, occurredAt: '2024-04-29', actor: { role: 'secretariat', name: 'A. Clerk \u202e', subject: 'y' } },
    changes: [{ in: 'remarks', id: 'z', kind: 'began', fields: [] }],
  });
  expect([head, when, change]).toEqual([
    '#7  remark-made  meeting-x',
    '  happened 2024-04-29, recorded 2024-04-29T07:30:00.000Z by secretariat A. Clerk \\u{202e} (y)',
    '  + remarks z began',
  ]);
});

it('says of a lost record that it is lost, and no more', () => {
  expect(describeStep({ event: { ...event, lost: true }, changes: [] })).toEqual([
    '#7  remark-made  meeting-x',
    '  recorded 2024-04-29T07:30:00.000Z; what it said was lost',
  ]);
});

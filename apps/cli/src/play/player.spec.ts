// By which key a step is sent: what tells whether it was recorded before.
import { expect, it } from '@jest/globals';
import type { Play, Step } from './play-file.js';
import { keysOf } from './player.js';

const step = (text: string, more: Partial<Step> = {}): Step => ({
  as: 'secretariat',
  method: 'POST',
  path: '/meetings/{meeting}/remarks',
  body: { text, speaker: { person: '{ada}' } },
  line: 1,
  ...more,
});
const keysWith = (steps: Step[], title = 'A play'): string[] => keysOf({ title, steps, roles: ['secretariat'] } satisfies Play);
const [one, two] = [step('one'), step('two')];

it('a step without a name keeps its key, whatever stands around it', () => {
  const [first, second] = keysWith([one, two]);
  expect(keysWith([two])).toEqual([second]);
  expect(keysWith([step('before'), two, step('between'), one]).filter((_, at) => at % 2 === 1)).toEqual([second, first]);
});

it('it is known by what it says, however that is written, and by how many before it say the same', () => {
  const [first] = keysWith([one]);
  const written = step('one', { body: { speaker: { person: '{ada}' }, text: 'one' }, line: 7, says: 'A line for whoever watches' });
  const [same, again] = keysWith([written, written]);
  expect([same, again === same]).toEqual([first, false]);
  const others: Partial<Step>[] = [{ as: 'admin' }, { method: 'PUT' }, { path: '/meetings/{other}/remarks' }, { body: {} }];
  expect(others.filter((other) => keysWith([step('one', other)])[0] === first)).toEqual([]);
  expect(keysWith([one], 'Another play')).not.toEqual([first]);
});

it('a step with a name keeps its key when it is edited', () => {
  const named = { name: 'remark' };
  expect(keysWith([two, step('edited', named)])[1]).toBe(keysWith([step('one', named)])[0]);
});

it('what may not be stored has a key too: the server says why', () => {
  expect(keysWith([step('\ud800'), step('\ud801')])).toHaveLength(2);
});

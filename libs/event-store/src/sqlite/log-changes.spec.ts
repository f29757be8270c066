import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomId } from '#kernel';
import { LogChanges } from './log-changes.js';

let writer: LogChanges;
let reader: LogChanges;

beforeEach(() => {
  const store = randomId();
  writer = new LogChanges(store, undefined, 0);
  reader = new LogChanges(store, () => 0, 60_000);
});
afterEach(() => {
  writer.close();
  reader.close();
});

async function heard(times: number): Promise<void> {
  while (reader.wakes.ticket < times) await setImmediate();
}

it('tells other threads of the first growth at once, and of those that follow together', async () => {
  for (let append = 0; append < 100; append++) writer.grown();
  await heard(2);
  // Whatever was told before this one has arrived.
  writer.grown();
  writer.hurry();
  await heard(3);
  expect(reader.wakes.ticket).toBe(3);
});

it('wakes those of its own thread at each growth', () => {
  for (let append = 0; append < 3; append++) writer.grown();
  expect(writer.wakes.ticket).toBe(3);
});

it('tells what waits to be told where somebody waits for it, and nothing where nothing does', async () => {
  writer.hurry();
  writer.grown();
  writer.grown();
  writer.hurry();
  writer.hurry();
  await heard(2);
  writer.grown();
  writer.hurry();
  await heard(3);
  expect(reader.wakes.ticket).toBe(3);
});

it('tells what waits to be told before it closes', async () => {
  writer.grown();
  writer.grown();
  writer.close();
  await heard(2);
});

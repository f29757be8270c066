// A reader waits for what it wrote, whatever the order in which its commands were answered.
import { expect, it } from '@jest/globals';
import type { Position } from '#event-store';
import type { Reader, Uuid } from '#kernel';
import { ProjectionGate, type ProjectionProgress } from './projection-gate.js';

const SUBJECT = '00000000-0000-8000-8000-000000000001' as Uuid;
const READER = { subject: SUBJECT } as Reader;
const at = (place: number): Position => String(place) as Position;

function gate(): { gate: ProjectionGate; waitedFor: Position[] } {
  const waitedFor: Position[] = [];
  const progress: ProjectionProgress = {
    waitFor: (position) => Promise.resolve(waitedFor.push(position) > 0),
    isAfter: (position, other) => Number(position) > Number(other),
    waitForLag: () => Promise.resolve(true),
    waitForCompletions: () => Promise.resolve(true),
    alarm: () => undefined,
    diverged: () => undefined,
  };
  return { gate: new ProjectionGate(progress, () => true), waitedFor };
}

it.each([
  { written: [3, 5], waited: 5 },
  { written: [5, 3], waited: 5 },
  { written: [3, 9, 7, 8], waited: 9 },
])('a reader whose commands were stored at $written, answered in this order, waits for $waited', async ({ written, waited }) => {
  const { gate: tried, waitedFor } = gate();
  for (const place of written) tried.wrote(SUBJECT, at(place));
  await tried.beforeReading(READER, undefined);
  expect(waitedFor).toEqual([at(waited)]);
  await tried.beforeReading(READER, undefined);
  expect(waitedFor).toEqual([at(waited)]);
});

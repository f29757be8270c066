import { describe, expect, it } from '@jest/globals';
import type { CommandBus } from '@nestjs/cqrs';
import type { InstallationKeys } from '#event-store';
import type { CommandOf, Uuid } from '#kernel';
import { ProjectionGate, type ProjectionProgress } from './projection-gate.js';
import { RefusalException } from './problem.js';
import { Recorder } from './recorder.js';
import type { StreamVisibility } from './stream-visibility.js';

const ENTITY = '5f3c0000-0000-8000-8000-000000000001' as Uuid;
const command = (restsOnCompletions?: (input: object) => boolean) =>
  ({
    name: 'take-decision',
    on: { category: 'proposal' },
    roles: [],
    stream: 'existing',
    ...(restsOnCompletions && { restsOnCompletions }),
  }) as unknown as CommandOf<object>;
const sent = {
  request: { id: ENTITY, url: '/', query: {}, headers: {}, body: {}, principal: { subject: ENTITY, role: 'secretariat', bodies: [] } },
  reply: { status: () => sent.reply, header: () => sent.reply },
};

/** What happened, in order; process managers have completed all, or have not. */
async function recording(definition: CommandOf<object>, areComplete: boolean): Promise<string[]> {
  const happened: string[] = [];
  const progress: ProjectionProgress = {
    waitFor: () => Promise.resolve(true),
    isAfter: () => false,
    waitForLag: () => Promise.resolve(true),
    waitForCompletions: () => {
      happened.push('waited');
      return Promise.resolve(areComplete);
    },
    alarm: () => undefined,
    diverged: () => undefined,
  };
  const bus = {
    execute: () => Promise.resolve(happened.push('decided') && { kind: 'unchanged', stream: `proposal-${ENTITY}`, revision: 0 }),
  } as unknown as CommandBus;
  const recorder = new Recorder(
    bus,
    { digest: Buffer.alloc(32) } as unknown as InstallationKeys,
    new ProjectionGate(progress, () => true),
    { isHidden: () => false } as unknown as StreamVisibility,
  );
  await recorder
    .record(definition, sent as never, ENTITY, {})
    .catch((error: unknown) => happened.push(error instanceof RefusalException ? error.refusal.code : String(error)));
  return happened;
}

describe('a command', () => {
  it.each<[string, CommandOf<object>, boolean, string[]]>([
    ['that rests on completions is decided after them', command(() => true), true, ['waited', 'decided']],
    ['that rests on completions is not decided before them', command(() => true), false, ['waited', 'completions-pending']],
    ['that does not, by what it says, does not wait', command(() => false), false, ['decided']],
    ['that never does, does not wait', command(), false, ['decided']],
  ])('%s', async (_, definition, areComplete, expected) => expect(await recording(definition, areComplete)).toEqual(expected));
});

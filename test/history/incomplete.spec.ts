// Of a stream that lost an event, what came later is read all the same: every decider passes over what it is about.
import { describe, expect, it } from '@jest/globals';
import { readKeys, type LoggedEvent } from '#event-store';
import { parseStreamName, type FoldedEvent, type JsonObject, type Metadata, type StoredEvent } from '#kernel';
import { catalogue } from '../../apps/api/src/composition.js';
import { KEPT, readKept } from './data-directory.js';
import { deciders } from './deciders.js';
import { TEST_KEYS } from './histories.js';

const { events } = await readKept(KEPT, readKeys(TEST_KEYS).writer!);
const streams = new Map<string, StoredEvent[]>();
for (const event of events as readonly LoggedEvent[]) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);

const foldable = (stored: StoredEvent): FoldedEvent => ({
  type: stored.type,
  data: catalogue.upcast(stored.type, stored.schemaVersion, JSON.parse(stored.data) as JsonObject),
  id: stored.id,
  revision: stored.revision,
  recordedAt: stored.recordedAt,
  occurredAt: (JSON.parse(stored.meta) as Metadata).occurredAt,
});

const longOnes = [...streams].filter(([, each]) => each.length > 1);

describe.each(longOnes.map(([stream, each]) => [parseStreamName(stream as never).category, each] as const))(
  'a stream of %s',
  (category, each) => {
    it.each(each.map(({ type }, lost) => [type, lost] as const))('that lost %s', (_type, lost) => {
      const decider = deciders[category];
      let state = decider.initial();
      for (const event of each.filter((_, at) => at !== lost)) state = decider.evolve(state, foldable(event) as never);
      expect(state).toBeDefined();
    });
  },
);

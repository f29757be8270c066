// What is stored for ever must be read for ever: each type and version of event has a golden file, and each golden file is read.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { findForgery, nodeHashes, readKeys } from '#event-store';
import { canonicalJson, parseStreamName, type FoldedEvent, type JsonObject, type Metadata, type StoredEvent } from '#kernel';
import { EventCatalogue, type Row } from '#read-models';
import { replay } from '../../libs/read-models/src/testing/oracle.js';
import { Workbench } from '../../libs/read-models/src/testing/workbench.js';
import { catalogue, projections } from '../../apps/api/src/composition.js';
import { KEPT, readKept } from './data-directory.js';
import { deciders } from './deciders.js';
import { EVENTS, goldenEvents, goldenName, MAKE_FIXTURES, writesOf } from './golden-events.js';
import { TEST_KEYS } from './histories.js';

const goldens = goldenEvents();
const writerKey = readKeys(TEST_KEYS).writer!;
let kept: StoredEvent[];
beforeAll(async () => {
  kept = (await readKept(KEPT, writerKey)).events;
});

it('every type has a golden file of each of its versions', () => {
  const missing = catalogue.names.flatMap((type) =>
    Array.from({ length: catalogue.schemaVersion(type) }, (_, at) => goldenName({ type, schemaVersion: at + 1 })).filter(
      (file) => !existsSync(join(EVENTS, file)),
    ),
  );
  // Make the type occur at the end of test/history/every-type.ts, then run the command.
  expect({ missing, toMakeThem: MAKE_FIXTURES }).toEqual({ missing: [], toMakeThem: MAKE_FIXTURES });
});

it('would be missed where it is not there', () => {
  expect(existsSync(join(EVENTS, goldenName({ type: 'meeting-forgotten', schemaVersion: 1 })))).toBe(false);
});

/** What its decider must have folded before: the stream up to the event, from the kept history and the golden files that came after it. */
function upTo({ stream, revision }: StoredEvent): StoredEvent[] {
  const byRevision = new Map(
    [...goldens.map(([, { event }]) => event), ...kept].filter((each) => each.stream === stream).map((each) => [each.revision, each]),
  );
  return [...byRevision.values()].filter((each) => each.revision <= revision).sort((a, b) => a.revision - b.revision);
}

const foldable = (stored: StoredEvent): FoldedEvent => ({
  type: stored.type,
  data: catalogue.upcast(stored.type, stored.schemaVersion, JSON.parse(stored.data) as JsonObject),
  id: stored.id,
  revision: stored.revision,
  recordedAt: stored.recordedAt,
  occurredAt: (JSON.parse(stored.meta) as Metadata).occurredAt,
});

describe.each(goldens)('%s', (file, { event, writes }) => {
  it('is named by what it holds, in its canonical form', () => {
    expect(file).toBe(goldenName(event));
    for (const bytes of [event.data, event.meta]) expect(canonicalJson(JSON.parse(bytes))).toBe(bytes);
  });

  it('has the leaf, the seal and the sealed values that its bytes make', () => {
    expect(findForgery(writerKey, event)).toBeUndefined();
    for (const { hash, salt, value } of event.sealed) {
      const digest = nodeHashes.sealed(Buffer.from(salt, 'hex'), Buffer.from(JSON.stringify(value)));
      expect(Buffer.from(digest).toString('hex')).toBe(hash);
    }
  });

  it('is folded by the decider of its stream', () => {
    const decider = deciders[parseStreamName(event.stream).category];
    let state = decider.initial();
    for (const each of upTo(event)) state = decider.evolve(state, foldable(each) as never);
    expect(state).toBeDefined();
    const touched = decider.touches(foldable(event) as never, parseStreamName(event.stream).id ?? event.id);
    expect(touched.every((id) => typeof id === 'string')).toBe(true);
  });

  it('is projected as it was', () => {
    expect(writesOf(event)).toEqual(writes);
    // The real projector takes it too: columns, types and scopes are those of the tables.
    const bench = new Workbench({ projections, catalogue, writerKey });
    try {
      bench.project([{ ...event, position: 'golden:1' as never }]);
      const register = replay(projections, catalogue, [{ ...event, position: 'golden:1' as never }]);
      const standing = [...register.values()].flatMap((rows): Row[] => [...rows.values()]);
      expect(standing).toHaveLength(new Set(writes.flatMap((write) => ('put' in write ? [`${write.put} ${write.id}`] : []))).size);
    } finally {
      bench.close();
    }
  });
});

it('an older version is read through its upcasters alone: the catalogue refuses what it does not know', () => {
  expect(() => catalogue.upcast('remark-made', 99, {})).toThrow('schema version 99');
  expect(() => new EventCatalogue({ 'remark-made': { version: 2 } })).toThrow('no upcaster');
});

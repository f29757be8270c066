// Exceptions and late recordings: found by the body that they concern, whatever kind of stream they lie in, and read by its secretariat.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LOG_STREAM, isRefusal, streamName, type Reader, type RecordNumber, type StreamName, type Uuid } from '#kernel';
import { catalogue, projections } from '../../apps/api/src/composition.js';
import { exceptionsList, lateRecordingsList } from '../../libs/audit/src/exceptions.projection.js';
import type { AnyList } from '../../libs/read-models/src/index.js';
import { dump } from '../../libs/read-models/src/dump.js';
import { auditor, History, idOf, replay, rowsOf, typed, Workbench } from '../../libs/read-models/src/testing/index.js';

let bench: Workbench;
let history: History;
beforeEach(() => {
  bench = new Workbench({ projections, catalogue });
  history = new History();
});
afterEach(() => bench.close());

const [council, board, person] = [idOf('council'), idOf('board'), idOf('person')];
const period = { from: '2024-07-01', until: '2025-06-30' };
const override = { exceptions: [{ rule: 'some-rule', as: 'override', reason: typed('Urgent'), authority: typed('The chair') }] };
const hall = streamName('meeting', idOf('hall'));
const allocation = streamName('allocation', idOf('allocation'));

type Recorded = [stream: StreamName, type: string, data: object];

function record(...events: Recorded[]): number {
  for (const [stream, type, data] of events) history.record({ stream, type, data });
  bench.project(history.events);
  return history.events.length;
}

const scheduled = (bodies: Uuid[]): Recorded => [
  hall,
  'meeting-scheduled',
  { bodies, title: typed('Conference'), zone: 'UTC', format: 'hybrid', audience: { kind: 'public' } },
];
const remark = (more: object): Recorded => [
  hall,
  'remark-made',
  { remark: idOf('remark'), number: 1, kind: 'statement', speaker: { person }, text: typed('Early'), ...more },
];
const proposed: Recorded = [
  allocation,
  'seat-allocation-proposed',
  { body: board, region: idOf('region'), regionOf: council, term: idOf('term'), period, seats: [{ seat: 1 }], nominatedBy: council },
];
const named: Recorded = [
  allocation,
  'seat-holder-named',
  { seat: 1, holding: idOf('holding'), organisation: idOf('fr'), ...period, ...override },
];

const secretariatOf = (body: Uuid): Reader => ({ subject: idOf('clerk'), role: 'secretariat', bodies: [body] });
async function listed(reader: Reader, body?: Uuid, list: AnyList = exceptionsList): Promise<number> {
  const page = await bench.reading.list(list as typeof exceptionsList, {
    moment: { record: history.events.length as RecordNumber, isNow: true },
    reader,
    where: { ...(body && { body }) },
    sort: 'recorded',
    limit: 10,
  });
  if (isRefusal(page)) throw new Error(page.detail);
  return page.rows.length;
}

describe('an exception is listed under its body, for its secretariat', () => {
  it.each<[string, Recorded[], Uuid]>([
    ['a meeting', [scheduled([council]), remark(override)], council],
    ['an allocation', [[proposed[0], proposed[1], { ...proposed[2], nominatedBy: board }], named], board],
    [
      'a body',
      [
        [streamName('body', council), 'body-established', { kind: 'council', name: typed('Council'), audience: { kind: 'members' } }],
        [streamName('body', council), 'body-renamed', { name: typed('The Council'), reason: { code: 'other' }, ...override }],
      ],
      council,
    ],
    [
      'a proposal',
      [
        [streamName('proposal', idOf('p')), 'proposal-introduced', { body: council, text: typed('Text') }],
        [streamName('proposal', idOf('p')), 'proposal-withdrawn', { reason: { code: 'other' }, ...override }],
      ],
      council,
    ],
    [
      'a follow-up',
      [
        [
          streamName('followup', idOf('f')),
          'follow-up-assigned',
          {
            body: council,
            owner: { organisation: idOf('fr') },
            action: typed('Act'),
            due: { on: '2030-05-05' },
            from: { decision: idOf('decision') },
          },
        ],
        [
          streamName('followup', idOf('f')),
          'follow-up-audience-set',
          { audience: { kind: 'public' }, reason: { code: 'other' }, ...override },
        ],
      ],
      council,
    ],
  ])('in the stream of %s', async (_, events, body) => {
    record(...events);
    const other = body === council ? board : council;
    expect([await listed(auditor), await listed(auditor, body), await listed(auditor, other)]).toEqual([1, 1, 0]);
    expect([
      await listed(secretariatOf(body)),
      await listed(secretariatOf(other)),
      await listed({ subject: idOf('everybody'), role: 'public', bodies: [] }),
    ]).toEqual([1, 0, 0]);
  });

  it('of an allocation that another body nominates: under both, for each of them', async () => {
    record([proposed[0], proposed[1], { ...proposed[2], ...override }]);
    history.record({
      stream: named[0],
      type: named[1],
      data: named[2],
      meta: { actor: { subject: idOf('clerk'), role: 'secretariat', body: council } },
    });
    bench.project(history.events);
    expect([await listed(auditor), await listed(auditor, board), await listed(auditor, council)]).toEqual([2, 2, 2]);
    expect([await listed(secretariatOf(council)), await listed(secretariatOf(board)), await listed(secretariatOf(person))]).toEqual([
      2, 2, 0,
    ]);
    expect([await listed(secretariatOf(council), council), await listed(secretariatOf(board), council)]).toEqual([2, 2]);
  });

  it('of a meeting of several: under each, for each of them', async () => {
    record(scheduled([council, board]), remark({ ...override, late: { code: 'omitted' } }));
    expect([await listed(auditor), await listed(auditor, council), await listed(auditor, board), await listed(auditor, person)]).toEqual([
      1, 1, 1, 0,
    ]);
    expect([await listed(secretariatOf(council)), await listed(secretariatOf(board)), await listed(secretariatOf(person))]).toEqual([
      1, 1, 0,
    ]);
    expect([
      await listed(auditor, council, lateRecordingsList),
      await listed(auditor, board, lateRecordingsList),
      await listed(secretariatOf(board), undefined, lateRecordingsList),
    ]).toEqual([1, 1, 1]);
  });

  it('as a replay in memory has it, and a removal leaves it', async () => {
    const last = record(scheduled([council]), remark(override), proposed, named);
    const rows = () =>
      rowsOf(replay(projections, catalogue, history.events), 'exceptions').map(({ id, ...row }) => [id, (row as { body?: unknown }).body]);
    expect(rows().map(([, body]) => body)).toEqual([council, board]);
    const hash = history.events[last - 1]!.sealed[0]!.hash;
    record([LOG_STREAM, 'value-removed', { values: [{ record: last, hash }], reason: typed('The law'), authority: typed('A court') }]);
    expect(await listed(secretariatOf(board), board)).toBe(1);
    expect(JSON.stringify(dump(bench.database)['exceptions'])).toContain('$removed');
  });
});

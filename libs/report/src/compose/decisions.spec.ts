// What a report says of seats: who holds one, and of which part of the term, where it is not the whole.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { catalogue, projections } from '../../../../apps/api/src/composition.js';
import { isRefusal, streamName } from '#kernel';
import { auditor, History, idOf, Workbench } from '../../../read-models/src/testing/index.js';
import { RegisterAt } from '../register-at.js';
import { tellAllocation } from './decisions.js';
import type { Slot, Value } from '../values.js';
import { Mentions } from './named.js';

let bench: Workbench;
beforeEach(() => {
  bench = new Workbench({ projections, catalogue });
});
afterEach(() => bench.close());

it('a holder of a part of the term is told with the days', async () => {
  const history = new History();
  const stream = streamName('allocation', idOf('allocation'));
  const [council, organisation, period] = [idOf('council'), idOf('member'), { from: '2024-07-01', until: '2025-06-30' }];
  const common = { body: council, region: idOf('region'), regionOf: council, term: idOf('term'), nominatedBy: council };
  const held = (seat: number): object => ({ seat, holding: idOf(`of seat ${seat}`), organisation });
  history.record({ stream, type: 'seat-allocation-proposed', data: { ...common, period, seats: [held(1), held(2)] } });
  const reason = { code: 'other' };
  history.record({ stream, type: 'seat-vacated', data: { seat: 2, holding: idOf('of seat 2'), until: '2024-12-31', reason } });
  const heir = { seat: 2, holding: idOf('of the heir'), organisation, from: '2025-01-01', until: period.until };
  expect(await told(history)).toEqual(['1', '2 until 2024-12-31']);
  history.record({ stream, type: 'seat-holder-named', data: heir });
  expect(await told(history)).toEqual(['1', '2 from 2025-01-01']);
});

async function told(history: History): Promise<string[]> {
  bench.project(history.events);
  const moment = bench.reading.resolveMoment();
  if (isRefusal(moment)) throw new Error(moment.detail);
  const register = new RegisterAt(bench.reading, moment, auditor, projections);
  const sentences = await tellAllocation(register, register.detail('seat_allocations', idOf('allocation'))!, new Mentions(register));
  const textOf = (slot: Slot): string => String((slot as Value).raw);
  return sentences
    .filter(({ phrase }) => phrase === 'seat-held')
    .map(({ slots: { seat, from, until } }) =>
      [textOf(seat), from && `from ${textOf(from)}`, until && `until ${textOf(until)}`].filter(Boolean).join(' '),
    );
}

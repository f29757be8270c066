// The law demands that something a person typed goes: the record says what, why and on whose authority, and keeps everything else.
import { command, refusals, sealText, type LocalizedText } from '#kernel';
import type { RemovedValue } from '../port.js';
import { logDecider, type LogState } from './log.events.js';

export const removalRefusals = refusals({
  'no-such-record': {
    status: 422,
    title: 'There is no record of this number',
    rule: 'A removal names records that exist. GET /records lists them.',
  },
  'no-typed-text-there': {
    status: 422,
    title: 'The pointer leads to no typed text',
    rule: 'A removal names texts one by one, each by its JSON pointer into the record as GET /records shows it, such as /data/text/0/text or /actor/name. Numbers, dates, ids and codes stay: nobody typed them freely.',
  },
  'removed-already': {
    status: 409,
    title: 'The text was removed already',
    rule: 'What is gone is not removed again: GET /removals tells when, by whom and on what authority it went.',
  },
  'removal-not-carried-out': {
    status: 503,
    title: 'The removal is recorded, and not carried out yet',
    rule: 'The texts are withheld and destroyed as soon as the register and the store allow it, also after a restart. Send it again with the same Idempotency-Key to learn whether it is done.',
  },
});

export interface RemoveValues {
  values: readonly RemovedValue[];
  reason: LocalizedText;
  authority: LocalizedText;
}

export const removeValues = command<LogState, RemoveValues>({
  name: 'remove-values',
  on: logDecider,
  roles: ['admin'],
  stream: 'existing',
  decide(input, state) {
    const values = [...new Map(input.values.map((value) => [value.hash, value])).values()];
    const gone = values.filter(({ hash }) => state.removed.has(hash));
    if (gone.length > 0) {
      const fields = gone.map((value) => ({ field: `values[${input.values.indexOf(value)}]`, reason: 'was removed already' }));
      return removalRefusals['removed-already'](
        `${gone.length === 1 ? 'One of the texts is' : `${gone.length} of the texts are`} gone: of record ${[...new Set(gone.map(({ record }) => record))].join(', ')}. Nothing was recorded.`,
        { fields },
      );
    }
    return [
      {
        type: 'value-removed',
        data: {
          values: values.map(({ record, hash }) => ({ record, hash })),
          reason: sealText(input.reason),
          authority: sealText(input.authority),
        },
      },
    ];
  },
});

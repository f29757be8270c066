// The signing key is replaced: because it may be known to others, or because it is old. The record keeps what both keys signed.
import { command, refusals, sealText, type LocalizedText } from '#kernel';
import { logDecider, type LogState } from './log.events.js';

export const rotationRefusals = refusals({
  'signs-elsewhere': {
    status: 409,
    title: 'This node has no signing key',
    rule: 'The key is replaced on the node that signs: it alone has the old one, which must sign the change.',
  },
  'key-not-in-force': {
    status: 409,
    title: 'The key that is to be replaced is not in force',
    rule: 'A change of keys goes on from the key that the record names last. GET /log/key tells it.',
  },
});

export interface ChangeSigningKey {
  from: string;
  to: string;
  note: string;
  reason: LocalizedText;
}

export const changeSigningKey = command<LogState, ChangeSigningKey>({
  name: 'change-signing-key',
  on: logDecider,
  roles: ['admin'],
  stream: 'existing',
  decide({ from, to, note, reason }, state) {
    if (state.verifierKey === to) return [];
    if (state.verifierKey !== from) return rotationRefusals['key-not-in-force'](`The record names ${state.verifierKey}.`);
    return [{ type: 'signing-key-changed', data: { from, to, note, reason: sealText(reason) } }];
  },
});

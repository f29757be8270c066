// An operator found the wall clock right: the record says so, and instants are reckoned anew from here.
import { command, sealText, type LocalizedText } from '#kernel';
import { logDecider, type LogState } from './log.events.js';

export interface AcceptClock {
  reason: LocalizedText;
}

export const acceptClock = command<LogState, AcceptClock>({
  name: 'accept-clock',
  on: logDecider,
  roles: ['admin'],
  stream: 'existing',
  settlesClock: true,
  decide: (input) => [{ type: 'clock-accepted', data: { reason: sealText(input.reason) } }],
});

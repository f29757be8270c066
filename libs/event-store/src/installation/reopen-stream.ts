// A stream of which events were lost takes no commands until somebody has looked at what is left, and answers for it.
import { command, refusals, sealText, type LocalizedText, type StreamName } from '#kernel';
import { logDecider, type LogState } from './log.events.js';

export const reopeningRefusals = refusals({
  'stream-not-incomplete': {
    status: 422,
    title: 'Nothing of this stream was lost',
    rule: 'Only a stream that `history-restored` in the record names can be reopened.',
  },
  'opening-lost': {
    status: 422,
    title: 'The event that opened the stream was lost',
    rule: 'What it is of is not known any more, nor whose it is: record it anew, under another id.',
  },
});

export interface ReopenStream {
  stream: StreamName;
  reason: LocalizedText;
  authority: LocalizedText;
}

export const reopenStream = command<LogState, ReopenStream>({
  name: 'reopen-stream',
  on: logDecider,
  roles: ['system'],
  stream: 'existing',
  decide({ stream, reason, authority }, state) {
    const firstLost = state.incomplete.get(stream);
    if (firstLost === undefined) return reopeningRefusals['stream-not-incomplete'](`The record names no event of ${stream} that was lost.`);
    if (firstLost === 0) return reopeningRefusals['opening-lost'](`${stream} lost its first event.`);
    if (state.reopened.has(stream)) return [];
    return [{ type: 'stream-reopened', data: { stream, reason: sealText(reason), authority: sealText(authority) } }];
  },
});

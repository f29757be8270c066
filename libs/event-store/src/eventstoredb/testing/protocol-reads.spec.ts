// A reader that is slow is waited for, however often, and leaves nothing behind on its call.
import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { EXPECT_NO_STREAM, ProtocolLog } from './protocol-log.js';
import { empty } from './protocol-messages.js';
import { serveRead, type ReadCall } from './protocol-reads.js';

/** Takes one message at a time. */
class SlowCall extends EventEmitter {
  received = 0;
  mostListeners = 0;
  readonly request = new streams.ReadReq().setOptions(
    new streams.ReadReq.Options().setAll(new streams.ReadReq.Options.AllOptions().setStart(empty())).setCount('1000'),
  );

  write(): boolean {
    this.received += 1;
    setImmediate(() => this.emit('drain'));
    this.mostListeners = Math.max(this.mostListeners, ...this.eventNames().map((name) => this.listenerCount(name)));
    return false;
  }

  end(): void {
    this.emit('finish');
  }
}

it('a slow reader gets all of it, with as many listeners at the end as at the beginning', async () => {
  const log = new ProtocolLog();
  log.append(
    'some-stream',
    EXPECT_NO_STREAM,
    Array.from({ length: 50 }, () => ({
      id: randomUUID(),
      type: 'told',
      contentType: 'application/json',
      data: Buffer.from('{}'),
      metadata: new Uint8Array(),
    })),
  );
  const call = new SlowCall();
  await serveRead(call as unknown as ReadCall, log);
  expect([call.received, call.mostListeners]).toEqual([log.records.length, 1]);
});

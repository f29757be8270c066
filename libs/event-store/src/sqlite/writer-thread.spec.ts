import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { StoreNotOpened } from '../errors.js';
import { WriterThread } from './writer-thread.js';

function startOn(thread: EventEmitter): Promise<WriterThread> {
  return WriterThread.start({ file: 'log.db', newId: 'a' }, () => undefined, thread as unknown as Worker);
}

describe('starting the thread that writes', () => {
  it('tells why the log was not opened, also where the thread has ended by then', async () => {
    const thread = new EventEmitter();
    const starting = startOn(thread);
    thread.emit('message', { kind: 'not-opened', message: 'log.db is damaged' });
    thread.emit('exit', 0);
    await expect(starting).rejects.toEqual(new StoreNotOpened('log.db is damaged'));
  });

  it('fails where the thread ends without a word', async () => {
    const thread = new EventEmitter();
    const starting = startOn(thread);
    thread.emit('exit', 1);
    await expect(starting).rejects.toThrow(StoreNotOpened);
  });

  it('fails where the thread throws', async () => {
    const thread = new EventEmitter();
    const starting = startOn(thread);
    thread.emit('error', new Error('out of memory'));
    await expect(starting).rejects.toThrow('log.db cannot be written: out of memory');
  });
});

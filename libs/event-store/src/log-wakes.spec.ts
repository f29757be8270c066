import { describe, expect, it } from '@jest/globals';
import { LogWakes } from './log-wakes.js';

describe('waiting for more of the log', () => {
  const never = new AbortController().signal;

  it('ends at once where a wake came after the ticket and before the wait', async () => {
    const wakes = new LogWakes();
    const { ticket } = wakes;
    wakes.wake();
    await wakes.since(ticket, never);
    expect(wakes.ticket).not.toBe(ticket);
  });

  it('ends at the next wake, for everybody who waits', async () => {
    const wakes = new LogWakes();
    const waiting = [wakes.since(wakes.ticket, never), wakes.since(wakes.ticket, never)];
    wakes.wake();
    await Promise.all(waiting);
  });

  it('ends when its signal aborts, whenever that is', async () => {
    const wakes = new LogWakes();
    await wakes.since(wakes.ticket, AbortSignal.abort());
    const ending = new AbortController();
    const waiting = wakes.since(wakes.ticket, ending.signal);
    ending.abort();
    await waiting;
  });
});

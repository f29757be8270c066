// One subscription to the log, as an iteration that a slow consumer holds up, until it fails, ends or is closed.
import { setImmediate } from 'node:timers/promises';
import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import { placed, type PlacedEvent } from './pages.js';

export type FeedNotice = { kind: 'events'; events: PlacedEvent[] } | { kind: 'caught-up' };

/** Events that wait to be taken before the server is held up; also the largest batch. */
export const FEED_BUFFER = 500;

export class Feed {
  /** Resolves once the server has confirmed it; rejects where it fails before. */
  readonly confirmed: Promise<void>;
  private live = false;
  private saidSo = false;
  private failure: { error: unknown } | undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly subscription: AllStreamSubscription) {
    // Listened to from the start and for good: an error that nobody listens to ends the process.
    subscription.on('error', (error) => this.fail(error));
    for (const event of ['end', 'close'] as const)
      subscription.on(event, () => this.fail(new Error('the database ended the subscription')));
    subscription.on('readable', () => this.wake());
    subscription.on('caughtUp', () => this.said(true));
    // The server delivers from its disk again, and will say when it has caught up.
    subscription.on('fellBehind', () => this.said(false));
    this.confirmed = new Promise((resolve, reject) => {
      subscription.on('confirmation', () => resolve());
      subscription.on('error', reject);
      subscription.on('end', () => reject(new Error('the database ended the subscription')));
    });
    this.confirmed.catch(() => undefined);
  }

  /** Undefined where the signal aborts. What has arrived is delivered before the failure that followed it. @throws it then */
  async next(signal: AbortSignal): Promise<FeedNotice | undefined> {
    const aborted = (): void => this.wake();
    signal.addEventListener('abort', aborted);
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (this.wake = resolve));
        if (signal.aborted) return undefined;
        const events = this.take();
        if (events.length > 0) {
          this.saidSo = false;
          return { kind: 'events', events };
        }
        if (this.failure) throw this.failure.error;
        if (this.live && !this.saidSo) {
          this.saidSo = true;
          return { kind: 'caught-up' };
        }
        await woken;
        // What arrives in the same turn is handed on together.
        await setImmediate();
      }
    } finally {
      signal.removeEventListener('abort', aborted);
    }
  }

  close(): void {
    // A loop that is left does not end the subscription, and one that never came about cannot be ended.
    this.subscription.unsubscribe().catch(() => undefined);
  }

  private take(): PlacedEvent[] {
    const events: PlacedEvent[] = [];
    while (events.length < FEED_BUFFER) {
      const resolved = this.subscription.read() as AllStreamResolvedEvent | null;
      if (resolved === null) break;
      if (resolved.event) events.push(placed(resolved.event));
    }
    return events;
  }

  private said(live: boolean): void {
    this.live = live;
    this.wake();
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }
}

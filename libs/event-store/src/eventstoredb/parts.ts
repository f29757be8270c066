// What a store on a database is made of: names, the way to it, pages, appends, notes. Shared by everything that one store does.
import { setTimeout as pause } from 'node:timers/promises';
import { Appending } from './appending.js';
import type { Attempts, Timing } from './attempts.js';
import { Connection } from './connection.js';
import { namesIn, type Names } from './names.js';
import { Notes } from './notes.js';
import { Pages } from './pages.js';

export interface Parts {
  names: Names;
  connection: Connection;
  pages: Pages;
  appending: Appending;
  notes: Notes;
  timing: Timing;
  ending: AbortController;
  /** Told whenever following begins anew, and why. */
  onInterrupted?: (error: unknown) => void;
}

const STANDARD: Timing = {
  callLimitMs: 5_000,
  giveUpAfterMs: 8_000,
  pause: (ms, signal) => pause(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined),
  now: () => performance.now(),
};

export function partsOf(url: string, given: Partial<Timing> = {}, namespace?: string): Parts {
  const names = namesIn(namespace);
  const timing = { ...STANDARD, ...given };
  const ending = new AbortController();
  const attempts: Attempts = { timing, signal: ending.signal };
  const connection = new Connection(url, timing.callLimitMs);
  const pages = new Pages(connection, attempts);
  const appending = new Appending(connection, pages, attempts);
  return { names, connection, pages, appending, notes: new Notes(names, pages, appending), timing, ending };
}

// Which schema version of an event type is written today, and how older ones are read: stored bytes never change, their reading does.
import type { JsonObject } from './json.js';

export interface EventType {
  /** The schema version that is written today. */
  version: number;
  /** From an older version to the next one: `upcasters[1]` reads version 1 as version 2. */
  upcasters?: Readonly<Record<number, (data: JsonObject) => JsonObject>>;
}

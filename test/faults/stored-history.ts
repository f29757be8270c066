// What a store holds after a fault, checked as far as it was not checked before.
import { SqliteEventStore, findForgery, nodeHashes, type LoggedEvent, type Position } from '#event-store';
import { TreeEdge } from '#ledger/core';
import { testWriterKey } from '../../libs/event-store/src/testing/sealed-events.js';

/** Why an event does not belong where it lies, or undefined. */
export class HistoryCheck {
  readonly ids = new Set<string>();
  readonly edge = new TreeEdge(nodeHashes);
  private readonly revisions = new Map<string, number>();
  private last: Position | undefined;

  /** Reads on from where it stopped; answers what is wrong, one sentence each. */
  async continue(store: SqliteEventStore): Promise<string[]> {
    const wrong: string[] = [];
    for await (const batch of store.readLog(this.last ? { after: this.last } : {})) {
      for (const event of batch) wrong.push(...this.add(store, event));
    }
    return wrong;
  }

  private add(store: SqliteEventStore, event: LoggedEvent): string[] {
    const wrong: string[] = [];
    if (this.ids.has(event.id)) wrong.push(`${event.id} is stored twice`);
    this.ids.add(event.id);
    const revision = (this.revisions.get(event.stream) ?? -1) + 1;
    if (event.revision !== revision) wrong.push(`${event.stream} jumps to ${event.revision}, not ${revision}`);
    this.revisions.set(event.stream, event.revision);
    if (store.recordNumberOf(event.position) !== this.ids.size) wrong.push(`${event.position} is the ${this.ids.size}th record`);
    const forged = findForgery(testWriterKey, event);
    if (forged) wrong.push(`the ${forged} of ${event.id} does not fit`);
    this.edge.append(Buffer.from(event.leaf, 'hex'));
    this.last = event.position;
    return wrong;
  }
}

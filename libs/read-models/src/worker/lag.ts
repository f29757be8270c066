// How many of the events that this node has stored wait to be projected. Positions are opaque: each is asked for, none compared.
import type { Position } from '#event-store';

interface Append {
  position: Position;
  events: number;
  /** Events that this node has stored up to this append. */
  total: number;
}

export class Lag {
  /** In the order of the log, since one store stores them one after the other. */
  private waiting: Append[] = [];
  private total = 0;

  constructor(private readonly isProjected: (position: Position) => boolean) {}

  appended(position: Position, events: number): void {
    this.total += events;
    this.waiting.push({ position, events, total: this.total });
  }

  isBelow(events: number): boolean {
    const oldest = this.waiting[0];
    // Most of the time nothing needs to be looked up.
    if (!oldest || this.total - oldest.total < events) return true;
    this.forgetProjected();
    return this.waiting.length === 0 || this.total - this.waiting[0]!.total < events;
  }

  /** Events that wait. */
  get behind(): number {
    this.forgetProjected();
    const [oldest] = this.waiting;
    return oldest ? this.total - oldest.total + oldest.events : 0;
  }

  private forgetProjected(): void {
    let [from, to] = [0, this.waiting.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.isProjected(this.waiting[middle]!.position)) from = middle + 1;
      else to = middle;
    }
    this.waiting = this.waiting.slice(from);
  }
}

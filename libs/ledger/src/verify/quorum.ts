// Counts anew who was present for a decision, from what the streams that it names had said by then, and compares that with the quorum that it states.
import type { EventLine } from '../core/index.js';
import type { Findings } from './findings.js';
import { objectIn } from './object-in.js';
import { presentAt } from './present-at.js';
import { RememberedEvents } from './remembered-events.js';

interface QuorumStated {
  status?: unknown;
  present?: unknown;
  needed?: unknown;
}

const count = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

export class QuorumRecount {
  private readonly before = new RememberedEvents();
  private recountedDecisions = 0;
  private skipped = 0;

  constructor(
    private readonly isComplete: boolean,
    private readonly findings: Findings,
  ) {}

  get recounted(): number {
    return this.recountedDecisions;
  }

  /** A record of which nothing more is known than that it is there. */
  entryAlone(stream: string, type: string): void {
    this.before.unknown(stream, type);
  }

  read(event: EventLine): void {
    if (event.type === 'decision-taken') this.decision(event);
    else this.before.read(event);
  }

  judge(): void {
    if (this.skipped > 0) this.findings.add('notice', 'integrity', 'quorum-not-recounted', `The quorum of ${this.skipped} decisions could not be counted again: what they were counted from is not all here.`);
  }

  private decision({ index, tv, data, meta }: EventLine): void {
    const { meeting, body, quorum } = objectIn(data) as { meeting?: unknown; body?: unknown; quorum?: QuorumStated | null };
    if (typeof meeting !== 'string' || typeof quorum !== 'object' || quorum === null) return;
    const present = tv === 1 ? this.presentFor(meeting, body, objectIn(meta)) : 'unknown';
    if (present === 'unknown') {
      this.skipped += 1;
      return;
    }
    this.recountedDecisions += 1;
    const [stated, needed] = [count(quorum.present), count(quorum.needed)];
    const record = index + 1;
    if (present !== stated) {
      this.findings.add('gap', 'integrity', 'quorum-not-borne-out', `Record ${record} states a quorum with ${stated ?? 'nobody counted'} present; the attendance before it makes ${present ?? 'nobody counted'}.`, { record });
    } else if (present !== undefined && needed !== undefined && quorum.status !== (present >= needed ? 'met' : 'not-met')) {
      this.findings.add('gap', 'integrity', 'quorum-not-borne-out', `Record ${record} states another outcome of its quorum than ${present} present and ${needed} needed make.`, { record });
    }
  }

  /** As the streams stood at the revisions that were decided on: without them a count would say nothing. */
  private presentFor(meeting: string, body: unknown, { occurredAt, decidedOn }: Record<string, unknown>): number | undefined | 'unknown' {
    if (!this.isComplete || typeof occurredAt !== 'string' || !Array.isArray(decidedOn)) return 'unknown';
    const revisions = new Map((decidedOn as ({ stream?: unknown; revision?: number | null } | null)[]).map((seen) => [seen?.stream, seen?.revision ?? -1]));
    const asSeen = (kind: 'meeting' | 'body' | 'person', id: unknown) => {
      const revision = revisions.get(`${kind}-${String(id)}`);
      return revision === undefined ? undefined : this.before.upTo(kind, id, revision);
    };
    const attendance = asSeen('meeting', meeting);
    return attendance ? presentAt(occurredAt, { meeting: attendance, body: asSeen('body', body), person: (id) => asSeen('person', id) }) : 'unknown';
  }
}

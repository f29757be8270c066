// Counts anew who was present for a decision, and how many had to be, from what the streams that it names had said by then, and compares that with
// the quorum that it states.
import type { EventLine } from '../core/index.js';
import type { Findings } from './findings.js';
import { objectIn } from './object-in.js';
import { neededFor } from './needed-for.js';
import { entitledAt, presentAt, type RestsOn } from './present-at.js';
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
  /** Of those that were counted again, how many without the rules by which they needed so many. */
  private withoutRules = 0;

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
    if (this.skipped > 0)
      this.findings.add(
        'notice',
        'integrity',
        'quorum-not-recounted',
        `The quorum of ${this.skipped} decisions could not be counted again: what they were counted from is not all here.`,
      );
    if (this.withoutRules > 0)
      this.findings.add(
        'notice',
        'integrity',
        'needed-not-recounted',
        `How many had to be present for ${this.withoutRules} decisions could not be counted again: the rules and members of their bodies are not all here.`,
      );
  }

  private decision({ index, tv, data, meta }: EventLine): void {
    const { meeting, body, outcome, quorum } = objectIn(data) as {
      meeting?: unknown;
      body?: unknown;
      outcome?: unknown;
      quorum?: QuorumStated | null;
    };
    if (typeof meeting !== 'string' || typeof quorum !== 'object' || quorum === null) return;
    const seen = tv === 1 ? this.restsOn(meeting, body, objectIn(meta)) : undefined;
    const present = seen ? presentAt(seen.at, seen) : 'unknown';
    if (!seen || present === 'unknown') {
      this.skipped += 1;
      return;
    }
    this.recountedDecisions += 1;
    const [stated, needed] = [count(quorum.present), count(quorum.needed)];
    const record = index + 1;
    if (present !== stated) {
      this.findings.add(
        'gap',
        'integrity',
        'quorum-not-borne-out',
        `Record ${record} states a quorum with ${stated ?? 'nobody counted'} present; the attendance before it makes ${present ?? 'nobody counted'}.`,
        { record },
      );
    } else if (present !== undefined && needed !== undefined && quorum.status !== (present >= needed ? 'met' : 'not-met')) {
      this.findings.add(
        'gap',
        'integrity',
        'quorum-not-borne-out',
        `Record ${record} states another outcome of its quorum than ${present} present and ${needed} needed make.`,
        { record },
      );
    }
    this.compareNeeded(needed, outcome, seen, record);
  }

  private compareNeeded(stated: number | undefined, outcome: unknown, { at, ...seen }: RestsOn & { at: string }, record: number): void {
    const entitled = entitledAt(at, seen);
    if (!seen.body || entitled === 'unknown') {
      this.withoutRules += 1;
      return;
    }
    const needed = neededFor(outcome, at.slice(0, 10), entitled, seen.body);
    if (needed === stated) return;
    this.findings.add(
      'gap',
      'integrity',
      'quorum-not-borne-out',
      `Record ${record} states a quorum for which ${stated ?? 'nobody knows how many'} are needed; the rules of its body before it make ${needed ?? 'no number'}.`,
      { record },
    );
  }

  /** As the streams stood at the revisions that were decided on: without them a count would say nothing. */
  private restsOn(
    meeting: string,
    body: unknown,
    { occurredAt, decidedOn }: Record<string, unknown>,
  ): (RestsOn & { at: string }) | undefined {
    if (!this.isComplete || typeof occurredAt !== 'string' || !Array.isArray(decidedOn)) return undefined;
    const revisions = new Map(
      (decidedOn as ({ stream?: unknown; revision?: number | null } | null)[]).map((seen) => [seen?.stream, seen?.revision ?? -1]),
    );
    const asSeen = (kind: 'meeting' | 'body' | 'person', id: unknown) => {
      const revision = revisions.get(`${kind}-${String(id)}`);
      return revision === undefined ? undefined : this.before.upTo(kind, id, revision);
    };
    const attendance = asSeen('meeting', meeting);
    return (
      attendance && { at: occurredAt, meeting: attendance, of: body, body: asSeen('body', body), person: (id) => asSeen('person', id) }
    );
  }
}

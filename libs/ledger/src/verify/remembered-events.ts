// What the bundle says of meetings, members, rules and persons, as far as quorums rest on it: read back as it stood at a revision.
import type { EventLine } from '../core/index.js';
import { objectIn } from './object-in.js';

export interface Remembered {
  rev: number;
  type: string;
  occurredAt: unknown;
  data: Record<string, unknown>;
}

type Kind = 'meeting' | 'body' | 'person';

const KIND_OF = new Map<string, Kind>([
  ['attendance-stated', 'meeting'],
  ['attendance-recorded', 'meeting'],
  ['attendance-ended', 'meeting'],
  ['attendance-corrected', 'meeting'],
  ['member-admitted', 'body'],
  ['membership-ended', 'body'],
  ['body-rules-stated', 'body'],
  ['person-registered', 'person'],
  ['person-corrected', 'person'],
]);
/** Of these the zone alone counts, and nothing changes it later. */
const SAYS_ZONE = new Set(['meeting-scheduled', 'body-established']);
const KEPT = 'attendance present entitled bodies party as arrived left struck membership organisation from until inForceFrom quorum'.split(
  ' ',
);
/** Streams of each kind that are remembered; what rests on an older one is not counted again. */
const REMEMBERED: Record<Kind, number> = { meeting: 2000, body: 2000, person: 20_000 };
const REMEMBERED_ZONES = 20_000;

export class RememberedEvents {
  private readonly streams: Record<Kind, Map<string, Remembered[] | 'incomplete'>> = {
    meeting: new Map(),
    body: new Map(),
    person: new Map(),
  };
  /** Kinds of which streams were forgotten: there, a stream that is not known may be one of them. */
  private readonly forgotten = new Set<Kind>();
  private readonly zones = new Map<string, string | null | undefined>();
  private zonesForgotten = false;

  /** What the event says is not known: nothing that rests on its stream can be counted again. */
  unknown(stream: string, type: string): void {
    const kind = KIND_OF.get(type);
    if (SAYS_ZONE.has(type)) this.putZone(stream, undefined);
    else if (kind) this.put(kind, stream, 'incomplete');
  }

  read({ stream, rev, type, tv, data, meta }: EventLine): void {
    if (SAYS_ZONE.has(type)) return this.putZone(stream, tv === 1 ? (objectIn(data)['zone'] ?? null) : undefined);
    const kind = KIND_OF.get(type);
    if (!kind) return;
    const before = this.before(kind, stream);
    if (before === 'incomplete' || tv !== 1) return this.put(kind, stream, 'incomplete');
    const said = objectIn(data);
    const event = {
      rev,
      type,
      occurredAt: objectIn(meta)['occurredAt'],
      data: Object.fromEntries(KEPT.filter((key) => key in said).map((key) => [key, said[key]])),
    };
    if (before.length > 0) before.push(event);
    else this.put(kind, stream, [event]);
  }

  /** What a stream said up to a revision; undefined where not all of it is known. */
  upTo(kind: Kind, id: unknown, revision: number): Remembered[] | undefined {
    const events = this.before(kind, `${kind}-${String(id)}`);
    return events === 'incomplete' ? undefined : events.filter(({ rev }) => rev <= revision);
  }

  /** By which a meeting or body reckons its days: null where it names no zone, undefined where that is not known. */
  zoneOf(kind: 'meeting' | 'body', id: unknown): string | null | undefined {
    const stream = `${kind}-${String(id)}`;
    return this.zones.has(stream) || this.zonesForgotten ? this.zones.get(stream) : null;
  }

  private putZone(stream: string, zone: unknown): void {
    this.zones.set(stream, typeof zone === 'string' || zone === null ? zone : undefined);
    if (this.zones.size <= REMEMBERED_ZONES) return;
    this.zones.delete(this.zones.keys().next().value!);
    this.zonesForgotten = true;
  }

  private before(kind: Kind, stream: string): Remembered[] | 'incomplete' {
    return this.streams[kind].get(stream) ?? (this.forgotten.has(kind) ? 'incomplete' : []);
  }

  private put(kind: Kind, stream: string, events: Remembered[] | 'incomplete'): void {
    const streams = this.streams[kind];
    streams.set(stream, events);
    if (streams.size <= REMEMBERED[kind]) return;
    streams.delete(streams.keys().next().value!);
    this.forgotten.add(kind);
  }
}

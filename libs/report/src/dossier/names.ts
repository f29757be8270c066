// What an id in an event's data names: by the key under which it stands. The name itself is a value of another event.
import { parseStreamName } from '#kernel';
import type { Row } from '#read-models';
import type { RegisterAt } from '../register-at.js';
import type { Events } from './events.js';
import type { EntityReference, Name } from './dossier.js';
import { factsOf, isTexts, resolve } from './facts.js';

const TABLES: Readonly<Record<string, string>> = {
  body: 'bodies',
  bodies: 'bodies',
  nominatedBy: 'bodies',
  electedBy: 'bodies',
  regionOf: 'bodies',
  waitsFor: 'bodies',
  nextMeetingOf: 'bodies',
  issuer: 'bodies',
  meeting: 'meetings',
  to: 'meetings',
  from: 'meetings',
  item: 'agenda_items',
  organisation: 'organisations',
  organisations: 'organisations',
  onBehalfOf: 'organisations',
  person: 'persons',
  document: 'documents',
  documents: 'documents',
  region: 'regions',
  term: 'terms',
  office: 'offices',
  decision: 'decisions',
  proposal: 'proposals',
  takesUp: 'proposals',
  remark: 'remarks',
  remarks: 'remarks',
  view: 'views',
  allocations: 'seat_allocations',
  sitting: 'sittings',
  chairing: 'chairings',
  attendance: 'attendance',
  presentation: 'proceedings',
  panel: 'proceedings',
  discussion: 'proceedings',
  review: 'reviews',
  membership: 'memberships',
  tenure: 'tenures',
  holding: 'seat_holdings',
  holdings: 'seat_holdings',
};
/** Keys that mean another thing in events of one type. */
const PARENTS: Readonly<Record<string, string>> = {
  'agenda-item-added': 'agenda_items',
  'body-established': 'bodies',
  'document-registered': 'documents',
};
/** Keys whose meaning the `kind` beside them says: it is a key of its own. */
const BY_KIND = ['id', 'part'];
/** Columns that serve as the name of an entity, the best first: in events they have the same names. */
const NAMING = ['title', 'name', 'text', 'wording', 'action'];

/** Columns that say who spoke, was present, took the chair or owes. */
const WHO = ['speaker', 'party', 'by', 'chair', 'owner'];

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

/** The table of the entity that a value names; undefined where it names none that is known. */
export function namedBy(type: string, data: unknown, pointer: string, value: unknown): EntityReference | undefined {
  if (!isId(value)) return undefined;
  const keys = pointer.split('/').filter((part) => !/^\d*$/.test(part));
  const key = keys.at(-1) ?? '';
  const kind = BY_KIND.includes(key) ? String(resolve(data, pointer.replace(/[^/]+$/, 'kind'))) : key;
  const table = key === 'parent' ? PARENTS[type] : TABLES[kind];
  return table === undefined ? undefined : { in: table, id: value };
}

/** The entity by which it is judged whether a reader may see the value. Where a decision lies shows with the decision, also where the proposal is hidden. */
export function judgedBy(type: string, data: unknown, pointer: string, value: unknown): EntityReference | undefined {
  const decision = pointer.endsWith('/proposal') ? resolve(data, pointer.replace(/proposal$/, 'decision')) : undefined;
  return isId(decision) ? { in: 'decisions', id: decision } : namedBy(type, data, pointer, value);
}

/** Whoever the entity comes from, where that is one who is known by more than words. */
export function whoIsNamedIn(row: Row): EntityReference | undefined {
  const columns = row as unknown as Readonly<Record<string, unknown>>;
  const named = WHO.flatMap((column) => factsOf(columns[column] ?? null)).flatMap(
    ({ pointer, value }) => namedBy('', undefined, pointer, value) ?? [],
  );
  return named.length === 1 ? named[0] : undefined;
}

const STREAMS: Readonly<Record<string, string>> = { body: 'bodies', meeting: 'meetings', document: 'documents', followup: 'follow_ups' };

/** The entity whose stream it is; of an allocation its body. */
export function streamOf(stream: string, register: RegisterAt): EntityReference | undefined {
  const { category, id } = parseStreamName(stream);
  if (category === 'allocation') {
    const body = register.detail('seat_allocations', id)?.get<string>('body');
    return body ? { in: 'bodies', id: body } : undefined;
  }
  const table = STREAMS[category];
  return table !== undefined && id ? { in: table, id } : undefined;
}

export class Names {
  constructor(
    private readonly register: RegisterAt,
    private readonly events: Events,
  ) {}

  /** Undefined where it has none, or the reader may not see where it stands. */
  async of({ in: table, id }: EntityReference): Promise<Name | undefined> {
    const known = this.register.recorded(table, id);
    const column = known && NAMING.find((each) => each in known.row && known.get(each) !== null);
    if (!known || column === undefined) return undefined;
    const event = await this.events.of(known.from(column).record);
    const pointer = `/${column}`;
    const texts = event && resolve(event.data, pointer);
    if (!event || !isTexts(texts)) return undefined;
    return { in: table, id, texts, record: event.record, event: event.id, pointer, endedBy: known.endedBy };
  }
}

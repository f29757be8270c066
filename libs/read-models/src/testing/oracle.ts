// What the tables must hold after a record, replayed in plain memory: no SQL, no versions, nothing of the engine but `apply`.
import type { LoggedEvent } from '#event-store';
import type { Audience, RecordNumber, Revision, Uuid } from '#kernel';
import type { EventCatalogue } from '../catalogue.js';
import { openEvent } from '../open-event.js';
import type { Projection, Scope } from '../projection.js';
import type { Row, TableDefinition } from '../table.js';

/** Table → id → the standing row. */
export type Register = Map<string, Map<Uuid, Row>>;

/** The register as it stood after record `upTo`. */
export function replay(
  projections: readonly Projection[],
  catalogue: EventCatalogue,
  events: readonly LoggedEvent[],
  upTo = events.length,
): Register {
  const register: Register = new Map(projections.flatMap(({ tables }) => tables.map(({ name }) => [name, new Map<Uuid, Row>()] as const)));
  const firsts = new Map<string, RecordNumber>();
  /** Of what ended too. */
  const last = new Map<string, Row>();
  for (let record = 1; record <= upTo; record++) {
    const event = openEvent(events[record - 1]!, record as RecordNumber, catalogue);
    const touched = new Set<string>();
    const put = (table: TableDefinition, id: Uuid, columns: object): void => {
      const rows = register.get(table.name)!;
      const key = `${table.name}/${id}`;
      if (!firsts.has(key)) firsts.set(key, event.record);
      const standing = rows.get(id) ?? blank(table, id, firsts.get(key)!);
      const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
      const illustrative = standing.illustrative || event.data['illustrative'] === true;
      rows.set(id, { ...standing, ...given, validFrom: event.record, revision: event.revision, illustrative });
      last.set(key, rows.get(id)!);
      touched.add(key);
    };
    const end = (table: TableDefinition, id: Uuid): void => {
      register.get(table.name)!.delete(id);
      // What begins and ends with one event was never there.
      const key = `${table.name}/${id}`;
      if (touched.has(key) && firsts.get(key) === event.record) firsts.delete(key);
    };
    const scopeOf = (table: string, id: Uuid, column: string): Scope | null =>
      (last.get(`${table}/${id}`)?.[column] as Scope | null | undefined) ?? null;
    const setAudience = (table: TableDefinition, id: Uuid, audience: Audience | null): void => {
      if (register.get(table.name)!.has(id) || !firsts.has(`${table.name}/${id}`)) put(table, id, { audience });
    };
    const writer = { put, end, scopeOf, setAudience };
    for (const { apply, applyAny } of projections) {
      if (Object.hasOwn(apply, event.type)) apply[event.type]!(event as never, writer);
      applyAny?.(event, writer);
    }
  }
  const began = new Map([...firsts.keys()].map((key, at) => [key, at]));
  for (const [name, rows] of register) {
    register.set(name, new Map([...rows].sort(([a], [b]) => began.get(`${name}/${a}`)! - began.get(`${name}/${b}`)!)));
  }
  return register;
}

const blank = (table: TableDefinition, id: Uuid, first: RecordNumber): Row => ({
  ...(Object.fromEntries(Object.keys(table.columns).map((column) => [column, null])) as object),
  id,
  validFrom: first,
  validTo: null,
  first,
  revision: 0 as Revision,
  audience: null as Audience | null,
  illustrative: false,
});

/** A table's standing rows in the order of recording: of those that one event began, in the order of its puts. */
export const rowsOf = (register: Register, table: string): Row[] => [...register.get(table)!.values()];

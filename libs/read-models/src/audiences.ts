// Who sees which entity today. Today's audience governs every moment: an entity's last version, and its containers', decide.
import { maySee, readsWhole, type Audience, type Reader, type Uuid } from '#kernel';
import type { SqlValue } from '#sqlite';
import type { Connection, Snapshot } from './connection.js';
import { entityOf, type StoredRow } from './rows.js';
import { HEAD, quoted, type CompiledTable } from './schema.js';
import type { Container } from './table.js';

/** Whether an organisation is a member of a body today. */
export type IsMember = (body: Uuid, organisation: Uuid) => boolean;

/** How an entity stands to a reader today: not in the register at all, kept from them, or not. */
export type Standing = 'absent' | 'hidden' | 'visible';

/** An audience, and the bodies whose members and secretariats it means: those of whatever states it. */
interface Condition {
  audience: Audience;
  bodies: readonly string[];
}

interface Effective {
  /** All of them must admit the reader. */
  conditions: readonly Condition[];
  /** Their secretariats read the entity whole, whatever the conditions. */
  bodies: readonly string[];
}

/** Audience, id and audience columns of an entity's last version. */
type Bearing = readonly SqlValue[];

const VALID_TO = HEAD.indexOf('valid_to');
const ID = HEAD.indexOf('id');
const AUDIENCE = HEAD.indexOf('audience');
const KEPT_CONTAINERS = 50_000;
/** Deeper than bodies, meetings, items and documents lie in each other. */
const DEEPEST = 16;

/** Reads all of the table whole: nothing needs to be looked up for such a reader. */
export const readsEverything = (reader: Reader, { definition }: CompiledTable): boolean =>
  reader.role === 'auditor' || (reader.role === 'secretariat' && reader.bodies === 'all' && !definition.audience.ofInstallation);

export class Audiences {
  private readonly containers = new Map<string, Effective>();
  private epoch = -1;

  constructor(
    private readonly connection: Connection,
    private readonly isMember: IsMember,
  ) {}

  /** Whether the reader sees the entity of which `stored` is a version. Inside the snapshot that it was read in. */
  sees(reader: Reader, table: CompiledTable, stored: StoredRow, snapshot: Snapshot): boolean {
    if (readsEverything(reader, table)) return true;
    const stands = stored[VALID_TO] === null;
    return this.seesBearing(reader, table, stands ? bearingOf(table, stored) : this.lastBearing(table, entityOf(stored))!, snapshot);
  }

  seesEntity(reader: Reader, table: CompiledTable, entity: number, snapshot: Snapshot): boolean {
    if (readsEverything(reader, table)) return true;
    const bearing = this.lastBearing(table, entity);
    return bearing !== undefined && this.seesBearing(reader, table, bearing, snapshot);
  }

  /** By its key; one that has ended as it was last. */
  standing(reader: Reader, table: CompiledTable, id: string, snapshot: Snapshot): Standing {
    const bearing = this.lastBearingOf(table, id);
    if (!bearing) return 'absent';
    return readsEverything(reader, table) || this.seesBearing(reader, table, bearing, snapshot) ? 'visible' : 'hidden';
  }

  /** Whether the audience of the entity of which `stored` is a version is restricted, by its own or by what it lies in. */
  isRestricted(table: CompiledTable, stored: StoredRow, snapshot: Snapshot): boolean {
    return this.isBearingRestricted(
      table,
      stored[VALID_TO] === null ? bearingOf(table, stored) : this.lastBearing(table, entityOf(stored))!,
      snapshot,
    );
  }

  isEntityRestricted(table: CompiledTable, id: string, snapshot: Snapshot): boolean {
    const bearing = this.lastBearingOf(table, id);
    return bearing !== undefined && this.isBearingRestricted(table, bearing, snapshot);
  }

  /** The bodies that the entity belongs to: its own, or those of what it lies in. */
  bodiesOf(table: CompiledTable, id: string, snapshot: Snapshot): readonly string[] {
    const bearing = this.lastBearingOf(table, id);
    return bearing ? this.effectiveNow(table, bearing, snapshot).bodies : [];
  }

  /** Whether the reader is of the secretariat that keeps the entity: its body's, or any where it belongs to no body. */
  keeps(reader: Reader, table: CompiledTable, entity: number, snapshot: Snapshot): boolean {
    const bearing = this.lastBearing(table, entity);
    if (!bearing || reader.role !== 'secretariat' || table.definition.audience.ofInstallation) return false;
    const { bodies } = this.effectiveNow(table, bearing, snapshot);
    return bodies.length === 0 || readsWhole(reader, bodies);
  }

  private seesBearing(reader: Reader, table: CompiledTable, bearing: Bearing, snapshot: Snapshot): boolean {
    const { conditions, bodies } = this.effectiveNow(table, bearing, snapshot);
    const isSecretariat = reader.role === 'secretariat' && table.definition.audience.ofInstallation;
    const seeing: Reader = isSecretariat ? { ...reader, role: 'public' } : reader;
    if (readsWhole(seeing, bodies)) return true;
    return conditions.every(({ audience, bodies: its }) =>
      maySee(seeing, audience, its, (organisation) => its.some((body) => this.isMember(body as Uuid, organisation))),
    );
  }

  private isBearingRestricted(table: CompiledTable, bearing: Bearing, snapshot: Snapshot): boolean {
    return this.effectiveNow(table, bearing, snapshot).conditions.some(({ audience: { kind } }) => kind === 'restricted');
  }

  private effectiveNow(table: CompiledTable, bearing: Bearing, snapshot: Snapshot): Effective {
    // Compared within the snapshot: what a container's audience was cannot outlive the record that changed it.
    if (snapshot.audienceEpoch !== this.epoch) {
      this.containers.clear();
      this.epoch = snapshot.audienceEpoch;
    }
    return this.effective(table, bearing, 0);
  }

  private effective({ definition }: CompiledTable, [audience, id, ...columns]: Bearing, depth: number): Effective {
    const { within = [], also = [], otherwise } = definition.audience;
    const own =
      definition.audience.bodies === 'id'
        ? [id as string]
        : columns.slice(within.length + also.length).flatMap((column) => idsIn(column as string | null));
    const containerAt = ({ table }: Container, at: number): Effective | undefined => {
      const named = idsIn(columns[at] as string | null);
      const found = named.map((each) => this.container(table, each, depth + 1));
      return found.length > 1 ? inEach(found, own, otherwise) : found[0];
    };
    let container: Effective | undefined;
    for (let at = 0; at < within.length && !container; at++) container = containerAt(within[at]!, at);
    const bodies = own.length > 0 ? own : (container?.bodies ?? []);
    const inherited = (): readonly Condition[] => [
      ...(container?.conditions ?? [{ audience: otherwise, bodies }]),
      ...also.flatMap((beside, at) => containerAt(beside, within.length + at)?.conditions ?? []),
    ];
    return { conditions: audience === null ? inherited() : [{ audience: JSON.parse(audience as string) as Audience, bodies }], bodies };
  }

  private container(name: string, id: string, depth: number): Effective | undefined {
    if (depth > DEEPEST) throw new Error(`${name} ${id} lies in itself, or too deep`);
    const key = `${name}/${id}`;
    const known = this.containers.get(key);
    if (known) return known;
    const table = this.connection.table(name);
    const bearing = this.lastBearingOf(table, id);
    if (!bearing) return undefined;
    const found = this.effective(table, bearing, depth);
    if (this.containers.size >= KEPT_CONTAINERS) this.containers.clear();
    this.containers.set(key, found);
    return found;
  }

  private lastBearingOf(table: CompiledTable, id: string): Bearing | undefined {
    const { name } = table;
    return this.connection
      .statement(
        `SELECT ${bearingColumns(table)} FROM ${name} WHERE entity = (SELECT entity FROM ${name} WHERE id = ? AND valid_from = first) ORDER BY valid_from DESC LIMIT 1`,
      )
      .get(id);
  }

  private lastBearing(table: CompiledTable, entity: number): Bearing | undefined {
    return this.connection
      .statement(`SELECT ${bearingColumns(table)} FROM ${table.name} WHERE entity = ? ORDER BY valid_from DESC LIMIT 1`)
      .get(entity);
  }
}

const bearingColumns = ({ columns, audienceColumns }: CompiledTable): string =>
  ['audience', 'id', ...audienceColumns.map((index) => quoted(columns[index]!.name))].join(', ');

const bearingOf = ({ audienceColumns }: CompiledTable, stored: StoredRow): Bearing => [
  stored[AUDIENCE]!,
  stored[ID]!,
  ...audienceColumns.map((index) => stored[HEAD.length + index]!),
];

/**
 * Of what lies in several containers each must admit the reader, and the members of all their bodies are its members. What is not known of
 * one of them opens nothing.
 */
function inEach(containers: readonly (Effective | undefined)[], own: readonly string[], otherwise: Audience): Effective | undefined {
  const known = containers.filter((each) => each !== undefined);
  if (known.length === 0) return undefined;
  const bodies = own.length > 0 ? own : [...new Set(known.flatMap((each) => each.bodies))];
  const audiences = containers.flatMap((each) => each?.conditions.map(({ audience }) => audience) ?? [otherwise]);
  return { conditions: audiences.map((audience) => ({ audience, bodies })), bodies };
}

/** A list of ids as JSON, or one id. */
const idsIn = (stored: string | null): string[] =>
  stored === null ? [] : stored.startsWith('[') ? (JSON.parse(stored) as string[]) : [stored];

// The parameters of a read: parsed by hand, since every list declares its own.
import { isCivilDate } from '#kernel';
import type { AnyList } from '#read-models';
import { httpRefusals } from './http-refusals.js';
import { RefusalException } from './problem.js';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

export interface Asked {
  asOf: string | undefined;
  inForceOn: string | undefined;
  where: Record<string, string>;
  sort: string;
  limit: number;
  cursor: string | undefined;
  /** Whether to count the whole list besides. */
  count: boolean;
}

type Query = Readonly<Record<string, unknown>>;

/** @throws RefusalException that names every parameter at fault */
export function parseAsked(list: AnyList, query: Query, scope: Readonly<Record<string, string>>): Asked {
  const narrowing = [...(list.scopes ?? []), ...(list.filters ?? [])].filter((name) => !(name in scope));
  const known = ['asOf', 'sort', 'limit', 'cursor', 'count', ...narrowing, ...(hasPeriod(list) ? ['inForceOn'] : [])];
  const faults = new QueryFaults(query, known);
  const where: Record<string, string> = { ...scope };
  for (const name of narrowing) {
    const value = faults.text(name);
    if (value !== undefined) where[name] = value;
  }
  const sorts = ['recorded', ...(list.sorts ?? [])].flatMap((sort) => [sort, `-${sort}`]);
  const asked: Asked = {
    asOf: faults.text('asOf'),
    inForceOn: faults.text('inForceOn'),
    where,
    sort: faults.text('sort') ?? list.defaultSort ?? 'recorded',
    limit: faults.limit(),
    cursor: faults.text('cursor'),
    count: faults.flag('count'),
  };
  if (!sorts.includes(asked.sort)) faults.add('sort', `must be one of ${sorts.join(', ')}`);
  if (asked.inForceOn !== undefined && !isCivilDate(asked.inForceOn)) faults.add('inForceOn', 'must be a date such as 2024-07-01');
  faults.throwIfAny();
  return asked;
}

/** Of a detail: only the moment. */
export function parseMoment(query: Query): string | undefined {
  const faults = new QueryFaults(query, ['asOf']);
  const asOf = faults.text('asOf');
  faults.throwIfAny();
  return asOf;
}

/** Whether the rows of a list are in force from a date until a date. */
export const hasPeriod = ({ table }: AnyList): boolean => 'from' in table.columns && 'until' in table.columns;

/** Reads parameters one by one, and collects what is wrong with them. */
export class QueryFaults {
  private readonly fields: { field: string; reason: string }[] = [];

  constructor(
    private readonly query: Query,
    known: readonly string[],
  ) {
    for (const name of Object.keys(query)) {
      if (!known.includes(name))
        this.add(name, `is not known here; ${known.length > 0 ? `known are ${known.join(', ')}` : 'a command takes no parameters'}`);
    }
  }

  add(field: string, reason: string): void {
    this.fields.push({ field, reason });
  }

  text(name: string): string | undefined {
    const value = this.query[name];
    if (value === undefined || typeof value === 'string') return value;
    this.add(name, 'is given more than once');
    return undefined;
  }

  flag(name: string): boolean {
    const text = this.text(name);
    if (text !== undefined && text !== 'true' && text !== 'false') this.add(name, 'must be true or false');
    return text === 'true';
  }

  whole(name: string, otherwise: number, least: number, most: number): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    this.add(name, `must be a whole number from ${least} to ${most}`);
    return otherwise;
  }

  /** How many a page holds. */
  limit(): number {
    return this.whole('limit', DEFAULT_LIMIT, 1, MAX_LIMIT);
  }

  throwIfAny(): void {
    if (this.fields.length === 0) return;
    throw new RefusalException(
      httpRefusals['query-invalid'](this.fields.map(({ field, reason }) => `${field} ${reason}`).join('; ') + '.', { fields: this.fields }),
    );
  }
}

// Declares a list: which table, what it may be narrowed by, and in which orders it can be read.
import type { Columns, Row, TableDefinition } from './table.js';

/** Any list, whatever the columns of its table. */
export interface AnyList {
  name: string;
  table: TableDefinition;
  says: string;
  scopes?: readonly string[];
  underEach?: { scope: string; of: string };
  filters?: readonly string[];
  sorts?: readonly string[];
  defaultSort?: string;
  /**
   * On a date, columns of its rows are those of the row of another list that is in force then and names the entity, under a scope of that
   * list: who holds a seat on a day. Where the list is narrowed by one of them, the walk goes along the other list, in whose order it is
   * then: it has no order of its own but that of recording. Whatever touches a row of the other list touches the entity that it names too.
   */
  onDate?: { from: AnyList; scope: string; columns: Readonly<Record<string, string>> };
}

export interface ListDefinition<C extends Columns> extends AnyList {
  /** Kebab case, unique: names the list in `docs/sql` and in query handlers. */
  name: string;
  table: TableDefinition<C>;
  says: string;
  /**
   * Columns that narrow it by equality and never change over an entity's life (its body, meeting, item), the most narrowing
   * first. A list by a scope costs at any moment what it costs now, however many versions its entities have. The projector
   * stops where a projection changes one.
   */
  scopes?: readonly (keyof C & string)[];
  /**
   * A scope by which a row is found under each of the ids that a column of type `json` lists, not under its own column alone: a meeting
   * under each of its bodies. What is listed never changes either. It leads wherever the list is narrowed by it.
   */
  underEach?: { scope: keyof C & string; of: keyof C & string };
  /** Columns that narrow it by equality and may change (a state). Beside a scope they only pick among the scope's rows. */
  filters?: readonly (keyof C & string)[];
  /** Orders besides that of recording (`recorded`, `-recorded`, always there): columns of type `date`, `integer` or `code`. */
  sorts?: readonly (keyof C & string)[];
  /** `recorded` where absent. */
  defaultSort?: string;
}

export const list = <C extends Columns>(definition: ListDefinition<C>): ListDefinition<C> => definition;

/** The column that says whether a row is among those to which a parameter narrows the list. */
export const columnOf = ({ underEach }: Pick<AnyList, 'underEach'>, parameter: string): string =>
  underEach?.scope === parameter ? underEach.of : parameter;

/** Whether a list that is narrowed so holds the row. */
export function isNarrowedTo(list: AnyList, row: Row, where: Readonly<Record<string, string>>): boolean {
  return Object.entries(where).every(([parameter, wanted]) => {
    const value = (row as unknown as Readonly<Record<string, unknown>>)[columnOf(list, parameter)];
    return columnOf(list, parameter) === parameter ? asParameter(value) === wanted : ((value ?? []) as string[]).includes(wanted);
  });
}

/** A filter's column as a parameter writes it. */
const asParameter = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

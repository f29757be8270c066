// Declares a list: which table, what it may be narrowed by, and in which orders it can be read.
import type { Columns, TableDefinition } from './table.js';

/** Any list, whatever the columns of its table. */
export interface AnyList {
  name: string;
  table: TableDefinition;
  says: string;
  scopes?: readonly string[];
  filters?: readonly string[];
  sorts?: readonly string[];
  defaultSort?: string;
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
  /** Columns that narrow it by equality and may change (a state). Beside a scope they only pick among the scope's rows. */
  filters?: readonly (keyof C & string)[];
  /** Orders besides that of recording (`recorded`, `-recorded`, always there): columns of type `date`, `integer` or `code`. */
  sorts?: readonly (keyof C & string)[];
  /** `recorded` where absent. */
  defaultSort?: string;
}

export const list = <C extends Columns>(definition: ListDefinition<C>): ListDefinition<C> => definition;

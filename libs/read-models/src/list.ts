// Declares a list: which table, what it may be narrowed by, and in which orders it can be read.
import type { Columns, TableDefinition } from './table.js';

export interface ListDefinition<C extends Columns = Columns> {
  /** Kebab case, unique: names the list in `docs/sql` and in query handlers. */
  name: string;
  table: TableDefinition<C>;
  says: string;
  /** Columns that narrow it by equality; each gets an index. A `scope` is a filter that the path always sets. */
  filters: readonly (keyof C & string)[];
  /** Orders besides that of recording (`recorded`, `-recorded`, always there): columns of type `date`, `integer` or `code`. */
  sorts?: readonly (keyof C & string)[];
  /** `recorded` where absent. */
  defaultSort?: string;
}

export const list = <C extends Columns>(definition: ListDefinition<C>): ListDefinition<C> => definition;

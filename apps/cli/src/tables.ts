// Tables for terminals.
import Table from 'cli-table3';

/** @param widths of columns whose texts are wrapped */
export function table(head: readonly string[], rows: readonly (readonly string[])[], widths?: readonly (number | null)[]): string {
  if (rows.length === 0) return '  (none)';
  const drawn = new Table({ head: [...head], style: { head: [], border: [] }, wordWrap: true, ...(widths && { colWidths: [...widths] }) });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}

// Prints the SQL of lists, to be committed: a query that changes shows in review.
import { listSql, narrowing } from './list-sql.js';
import type { AnyList } from './list.js';
import type { Projection } from './projection.js';
import { compile, FIXED, FIXED_INDEXES, type Schema } from './schema.js';

/** Markdown: the tables with their indexes, then each list's statements, for now and for an earlier moment. */
export function describeSql(projections: readonly Projection[]): string {
  const schema = compile(projections);
  const lists = projections.flatMap((projection) => projection.lists ?? []);
  return [
    '# The SQL of the read models',
    'Generated from the declarations of tables and lists.',
    '## Beside the tables',
    fenced([...FIXED, ...FIXED_INDEXES]),
    ...[...schema.tables.values()].flatMap(({ definition, create, indexes }) => [
      `## ${definition.name}`,
      definition.says,
      fenced([...create, ...indexes]),
    ]),
    ...lists.flatMap((list) => describeList(schema, list)),
    '',
  ].join('\n\n');
}

function describeList(schema: Schema, definition: AnyList): string[] {
  const table = schema.tables.get(definition.table.name)!;
  const shapes = [
    { title: 'all', where: [], descending: false },
    ...narrowing(definition).map((column) => ({ title: `by ${column}`, where: [column], descending: false })),
    ...(definition.sorts ?? []).map((sort) => ({ title: `sorted by ${sort}`, where: [], sort, descending: false })),
  ];
  return [
    `## List ${definition.name}`,
    definition.says,
    ...shapes.flatMap(({ title, ...shape }) => {
      const { now, asOf } = listSql(table, { definition, ...shape });
      return [`### ${definition.name}, ${title}`, fenced([`-- now\n${now.rows}`, `-- as of record ?1\n${asOf.rows}`])];
    }),
  ];
}

const fenced = (statements: readonly string[]): string => `\`\`\`sql\n${statements.map((statement) => `${statement};`).join('\n')}\n\`\`\``;

// OpenAPI schemas of answers: of rows from the tables that declare them, and of what every operation answers.
import type { Column, TableDefinition } from '#read-models';

export interface OpenApiSchema {
  type?: string;
  format?: string;
  description?: string;
  enum?: string[];
  required?: string[];
  properties?: Record<string, OpenApiSchema>;
  items?: OpenApiSchema;
  additionalProperties?: boolean;
}

const shownText: OpenApiSchema = {
  type: 'object',
  required: ['lang', 'text'],
  properties: {
    lang: { type: 'string' },
    text: { type: 'string' },
    fallbackFrom: { type: 'string', description: 'The language that was asked for and is missing; this is the original.' },
  },
};

export const SCHEMAS = {
  problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { type: 'string', description: 'Names the refusal; all are listed in docs/errors.md.' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What is wrong, and what would be right.' },
      fields: {
        type: 'array',
        items: { type: 'object', required: ['field', 'reason'], properties: { field: { type: 'string' }, reason: { type: 'string' } } },
      },
      correlation: { type: 'string', description: 'Under which the log of the server has it.' },
    },
  },
  recorded: {
    type: 'object',
    required: ['id', 'stream', 'revision', 'events'],
    properties: {
      id: { type: 'string', format: 'uuid', description: 'What was made or changed.' },
      stream: { type: 'string' },
      revision: { type: 'integer', description: 'For If-Match.' },
      recordedAt: { type: 'string', format: 'date-time' },
      unchanged: { type: 'boolean', description: 'It was so already: nothing was recorded.' },
      events: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'type', 'revision'],
          properties: { id: { type: 'string', format: 'uuid' }, type: { type: 'string' }, revision: { type: 'integer' } },
        },
      },
    },
  },
} satisfies Record<string, OpenApiSchema>;

/** The row of a table as it is shown. */
export function rowSchema(table: TableDefinition): OpenApiSchema {
  const properties: Record<string, OpenApiSchema> = { id: { type: 'string', format: 'uuid' } };
  for (const [name, column] of Object.entries(table.columns)) properties[name] = columnSchema(column);
  for (const [name, { says, oneOf }] of Object.entries(table.borrows ?? {}))
    properties[name] = columnSchema({ type: 'code', says, ...(oneOf && { oneOf }) });
  return {
    type: 'object',
    required: ['id', 'record', 'firstRecord', 'revision'],
    properties: {
      ...properties,
      audience: { type: 'object', description: 'Who may read it, where it states an audience of its own.' },
      incomplete: { type: 'boolean', description: 'Some of what was recorded of it was lost, as `history-restored` in the record says.' },
      illustrative: { type: 'boolean', description: 'Sample data that stands for what a source does not say.' },
      record: { type: 'integer', description: 'The record that made this version.' },
      firstRecord: { type: 'integer', description: 'The record that it began with.' },
      revision: { type: 'integer', description: 'For If-Match.' },
    },
  };
}

/** An example of such a row. */
export function rowExample(table: TableDefinition): object {
  const columns = Object.entries(table.columns).filter(([, { type }]) => type !== 'json');
  return {
    id: EXAMPLE_ID,
    ...Object.fromEntries(columns.map(([name, column]) => [name, exampleValue(column)])),
    ...borrowedExample(table),
    record: 12,
    firstRecord: 12,
    revision: 3,
  };
}

const borrowedExample = ({ borrows = {} }: TableDefinition): object =>
  Object.fromEntries(
    Object.entries(borrows).map(([name, { oneOf }]) => [name, exampleValue({ type: 'code', says: '', ...(oneOf && { oneOf }) })]),
  );

const EXAMPLE_ID = '3f0c9c1e-52f5-8d5e-9a51-5f3c2c1b7a10';

function exampleValue({ type, oneOf }: Column): unknown {
  switch (type) {
    case 'id':
      return EXAMPLE_ID;
    case 'integer':
      return 8;
    case 'boolean':
      return true;
    case 'texts':
      return { lang: 'en', text: 'As it was typed' };
    case 'date':
      return '2024-04-29';
    default:
      return oneOf?.[0] ?? '4.2';
  }
}

function columnSchema({ type, says, oneOf }: Column): OpenApiSchema {
  switch (type) {
    case 'id':
      return { type: 'string', format: 'uuid', description: says };
    case 'integer':
    case 'boolean':
      return { type, description: says };
    case 'texts':
      return { ...shownText, description: says };
    case 'json':
      return { description: says };
    default:
      return { type: 'string', description: says, ...(oneOf && { enum: [...oneOf] }) };
  }
}

// Declares an operation once: its address for Nest; its text, example and answers for OpenAPI.
import { applyDecorators, Get, Post, Put } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { AnyCommand, LocalizedText } from '#kernel';
import { columnOf, type AnyList, type TableDefinition } from '#read-models';
import { DEFAULT_LIMIT, hasPeriod, MAX_LIMIT } from './asked.js';
import { SCHEMAS, rowExample, rowSchema, type OpenApiSchema } from './schemas.js';

export interface Written {
  /** One sentence. */
  says: string;
  body: new () => object;
  /** A body that is accepted where the things exist that it names. */
  example: object;
}

/** A text of an example. */
export const exampleText = (words: string): LocalizedText => [{ lang: 'en', text: words }];

/** A problem document as an answer. */
export const problem = (status: number, description: string): MethodDecorator =>
  ApiResponse({ status, description, content: { 'application/problem+json': { schema: SCHEMAS.problem } } });

const asOf = ApiQuery({
  name: 'asOf',
  required: false,
  description: 'The register as it stood: a record number, or a time with its offset.',
  schema: { type: 'string' },
  example: 1,
});
/** @param counts what is counted: one sentence */
export const pageLimit = (counts: string): MethodDecorator =>
  ApiQuery({
    name: 'limit',
    required: false,
    description: counts,
    schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  });

export const pageCursor: MethodDecorator = ApiQuery({
  name: 'cursor',
  required: false,
  description: 'The page after, as `next` gave it.',
  schema: { type: 'string' },
});

const SECURED = ApiSecurity('token');

/** A command: POST, or PUT where it sets something to a value. */
export function Writes(method: 'POST' | 'PUT', path: string, definition: AnyCommand, { says, body, example }: Written): MethodDecorator {
  const status = definition.creates ? 201 : 200;
  return applyDecorators(
    method === 'POST' ? Post(path) : Put(path),
    SECURED,
    ApiOperation({
      operationId: definition.name,
      summary: says,
      description: `Roles: ${definition.roles.filter((role) => role !== 'system').join(', ')}.`,
      ...{ 'x-roles': definition.roles.filter((role) => role !== 'system') },
    }),
    ApiBody({ type: body, examples: { example: { value: example } } }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Sent again under the same key, the command takes effect once.',
      schema: { type: 'string', maxLength: 200 },
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The revision that you saw, in quotes, as the ETag gave it.',
      schema: { type: 'string' },
    }),
    ApiResponse({
      status,
      description: 'Recorded, and durable.',
      content: { 'application/json': { schema: SCHEMAS.recorded, example: RECORDED_EXAMPLE } },
    }),
    ...(status === 201
      ? [
          ApiResponse({
            status: 200,
            description: 'It was so already: nothing was recorded.',
            content: { 'application/json': { schema: SCHEMAS.recorded } },
          }),
        ]
      : []),
    problem(400, 'Fields, headers or the body are wrong.'),
    problem(401, 'No valid token.'),
    problem(403, 'The token is of another role, or of another body.'),
    problem(404, 'What the command names does not exist.'),
    problem(409, 'A rule of the record forbids it as things stand.'),
    problem(412, 'The resource has changed since you read it.'),
    problem(422, 'A rule of the record forbids it.'),
    problem(503, 'Not now: see Retry-After.'),
  );
}

const RECORDED_EXAMPLE = {
  id: '3f0c9c1e-52f5-8d5e-9a51-5f3c2c1b7a10',
  stream: 'meeting-3f0c9c1e-52f5-8d5e-9a51-5f3c2c1b7a10',
  revision: 7,
  recordedAt: '2024-04-30T08:15:00.000Z',
  events: [{ id: '6d7c1f6e-6f0f-8a52-8d6b-0b3a9a3c9e11', type: 'remark-made', revision: 7 }],
};

const answersOfReads = [
  problem(400, 'Parameters are wrong.'),
  problem(401, 'No valid token.'),
  problem(422, 'The moment lies beyond the record.'),
  problem(503, 'The register has not caught up.'),
];

export function Lists(path: string, list: AnyList, scope: readonly string[] = []): MethodDecorator {
  const narrowing = [...(list.scopes ?? []), ...(list.filters ?? [])].filter((name) => !scope.includes(name));
  const sorts = ['recorded', ...(list.sorts ?? [])].flatMap((sort) => [sort, `-${sort}`]);
  return applyDecorators(
    Get(path),
    SECURED,
    ApiOperation({ operationId: `list-${list.name}${scope.length > 0 ? `-of-${scope[0]}` : ''}`, summary: list.says }),
    asOf,
    ...(hasPeriod(list)
      ? [
          ApiQuery({
            name: 'inForceOn',
            required: false,
            description: inForceOnSays(list),
            schema: { type: 'string', format: 'date' },
          }),
        ]
      : []),
    ...narrowing.map((name) =>
      ApiQuery({ name, required: false, description: list.table.columns[columnOf(list, name)]!.says, schema: { type: 'string' } }),
    ),
    ApiQuery({
      name: 'sort',
      required: false,
      description: 'In which order; a minus reverses it.',
      schema: { type: 'string', enum: sorts },
    }),
    pageLimit('Rows in a page.'),
    ApiQuery({ name: 'count', required: false, description: 'Count the whole list besides, up to 10,000.', schema: { type: 'boolean' } }),
    pageCursor,
    ApiResponse({
      status: 200,
      description: 'A page.',
      content: {
        'application/json': { schema: pageSchema(rowSchema(list.table)), example: { asOf: 57, items: [rowExample(list.table)] } },
      },
    }),
    ...answersOfReads,
  );
}

function inForceOnSays({ onDate }: AnyList): string {
  const only = 'Only what is in force on this date';
  if (!onDate) return `${only}.`;
  const columns = Object.keys(onDate.columns);
  return `${only}; ${columns.slice(0, -1).join(', ')} and ${columns.at(-1)!} are those of the one in force then among ${onDate.from.name}, in whose order the list is where it is narrowed by one of these.`;
}

export function Details(path: string, table: TableDefinition): MethodDecorator {
  return applyDecorators(
    Get(path),
    SECURED,
    ApiOperation({ operationId: `read-${table.singular}`, summary: table.says }),
    asOf,
    ApiResponse({
      status: 200,
      description: table.says,
      content: { 'application/json': { schema: rowSchema(table), example: rowExample(table) } },
    }),
    problem(404, 'There is none of this id, or not for you.'),
    ...answersOfReads,
  );
}

const pageSchema = (item: OpenApiSchema): OpenApiSchema => ({
  type: 'object',
  required: ['asOf', 'items'],
  properties: {
    asOf: { type: 'integer', description: 'The record up to which the register was read.' },
    items: { type: 'array', items: item },
    next: { type: 'string', description: 'Continues the list; absent at its end.' },
    count: { type: 'object', properties: { count: { type: 'integer' }, more: { type: 'boolean' } } },
  },
});

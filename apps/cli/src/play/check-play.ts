// Compares a play with what the server offers, before its first step: a mistake in step 80 is told before 79 are recorded.
import { unreachable } from '../api-client.js';
import { Failure } from '../command-line.js';
import type { Play, Step } from './play-file.js';

/** As much of an OpenAPI document as a play is compared with. */
export interface OfferedApi {
  paths: Readonly<Record<string, Readonly<Record<string, OfferedOperation>>>>;
  components?: { schemas?: Readonly<Record<string, BodySchema>> };
}

interface OfferedOperation {
  'x-roles'?: readonly string[];
  requestBody?: { content: Readonly<Record<string, { schema: { $ref?: string } & BodySchema }>> };
}

interface BodySchema {
  properties?: Readonly<Record<string, unknown>>;
  required?: readonly string[];
}

const PREFIX = '/api/v1';
/** A file with thousands of mistakes tells the first ones. */
const TOLD = 20;
const SCHEMAS = '#/components/schemas/';

/** @throws Failure that tells every step that the server would not even look at */
export async function checkPlay(play: Play, base: string): Promise<void> {
  const mistakes = mistakesIn(play, await readApi(base));
  if (mistakes.length === 0) return;
  const more = mistakes.length > TOLD ? [`  and ${mistakes.length - TOLD} more`] : [];
  throw new Failure(
    [
      'nothing was recorded, since the server at this address does not take what the file asks for:',
      ...mistakes.slice(0, TOLD),
      ...more,
    ].join('\n'),
  );
}

/** One line a mistake. */
export function mistakesIn({ steps }: Play, api: OfferedApi): string[] {
  const operations = operationsOf(api);
  return steps.flatMap((step) => {
    const operation = operations.find(({ method, segments }) => method === step.method && matches(segments, step.path));
    const told = operation ? mistakesOf(step, operation, api) : ['there is no such operation'];
    return told.map((mistake) => `  line ${step.line}: ${step.method} ${step.path}: ${mistake}`);
  });
}

interface Operation {
  method: string;
  segments: readonly string[];
  offered: OfferedOperation;
}

/** Those with fewer placeholders first: `/meetings/series` is no meeting. */
function operationsOf({ paths }: OfferedApi): Operation[] {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, offered]): Operation => ({
      method: method.toUpperCase(),
      segments: path.slice(PREFIX.length).split('/'),
      offered,
    })),
  );
  const placeholders = ({ segments }: Operation): number => segments.filter(isPlaceholder).length;
  return operations.sort((a, b) => placeholders(a) - placeholders(b));
}

const isPlaceholder = (segment: string): boolean => segment.startsWith('{');

function matches(segments: readonly string[], path: string): boolean {
  const asked = path.split('/');
  return (
    asked.length === segments.length &&
    segments.every((segment, at) => segment === asked[at] || (isPlaceholder(segment) && asked[at] !== ''))
  );
}

function mistakesOf(step: Step, { offered }: Operation, api: OfferedApi): string[] {
  const roles = offered['x-roles'] ?? [];
  const { properties = {}, required = [] } = schemaOf(offered, api);
  return [
    ...(roles.length > 0 && !roles.includes(step.as) ? [`it takes the role ${roles.join(' or ')}, and the step is ${step.as}'s`] : []),
    ...Object.keys(step.body)
      .filter((field) => !Object.hasOwn(properties, field))
      .map((field) => `it has no field ${JSON.stringify(field)}`),
    ...required.filter((field) => !Object.hasOwn(step.body, field)).map((field) => `the field ${field} is missing`),
  ];
}

function schemaOf({ requestBody }: OfferedOperation, { components }: OfferedApi): BodySchema {
  const schema = requestBody?.content['application/json']?.schema ?? {};
  return schema.$ref?.startsWith(SCHEMAS) ? (components?.schemas?.[schema.$ref.slice(SCHEMAS.length)] ?? {}) : schema;
}

async function readApi(base: string): Promise<OfferedApi> {
  let response: Response;
  try {
    response = await fetch(`${base}/api/docs/openapi.json`);
  } catch (error) {
    throw new Failure(unreachable(base, error as Error));
  }
  const api = (await response.json().catch(() => undefined)) as OfferedApi | undefined;
  if (!response.ok || typeof api?.paths !== 'object')
    throw new Failure(`${base} does not describe its API: is this the address of a Plenary server?`);
  return api;
}

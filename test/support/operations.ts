// The operations of the API, as its OpenAPI document has them, and how each is called on things that exist.
import type { Server } from './server.js';
import type { Things } from './world.js';

/** As much of an OpenAPI document as the tests look at. */
export interface OpenApi {
  paths: Record<string, Record<string, DocumentedOperation>>;
}

interface DocumentedOperation {
  operationId: string;
  security?: object[];
  parameters?: { in: string; name: string; required?: boolean; example?: unknown; schema?: { enum?: string[] } }[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: object }> }> };
  responses: Record<string, { content?: Record<string, Media> }>;
  'x-roles'?: string[];
}

export interface Media {
  example?: object;
  schema?: { required?: string[] };
}

export interface Operation {
  id: string;
  method: 'GET' | 'POST' | 'PUT';
  /** Below /api/v1, with its placeholders. */
  path: string;
  /** That may call it; of a command alone. */
  roles: readonly string[];
  needsToken: boolean;
  /** Names of the parameters in the path and in the query that it declares. */
  pathParameters: readonly string[];
  query: readonly QueryParameter[];
  example: object | undefined;
  hasBody: boolean;
  responses: DocumentedOperation['responses'];
}

export interface QueryParameter {
  name: string;
  required: boolean;
  example: unknown;
  values: readonly string[];
}

const PREFIX = '/api/v1';

export const readDocument = async (server: Server): Promise<OpenApi> =>
  (await fetch(`${server.address}/api/docs/openapi.json`)).json() as Promise<OpenApi>;

export const operationsOf = ({ paths }: OpenApi): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]) => operationOf(path.slice(PREFIX.length), method, documented)),
  );

function operationOf(path: string, method: string, documented: DocumentedOperation): Operation {
  const { operationId, parameters = [], security = [], requestBody, responses } = documented;
  const content = requestBody?.content['application/json'];
  return {
    id: operationId,
    method: method.toUpperCase() as Operation['method'],
    path,
    roles: documented['x-roles'] ?? [],
    needsToken: security.length > 0,
    pathParameters: parameters.filter((each) => each.in === 'path').map(({ name }) => name),
    query: parameters
      .filter((each) => each.in === 'query')
      .map(({ name, required, example, schema }) => ({ name, required: required === true, example, values: schema?.enum ?? [] })),
    example: Object.values(content?.examples ?? {})[0]?.value,
    hasBody: content !== undefined,
    responses,
  };
}

/** Where an operation needs another thing than the one that usually has the name. */
const OTHERWISE: Record<string, (things: Things) => Things> = {
  'open-meeting': ({ scheduledMeeting }) => ({ meeting: scheduledMeeting! }),
  'postpone-meeting': ({ scheduledMeeting }) => ({ meeting: scheduledMeeting! }),
  'cancel-meeting': ({ scheduledMeeting }) => ({ meeting: scheduledMeeting! }),
  'close-sitting': ({ sittingMeeting }) => ({ meeting: sittingMeeting! }),
  'list-sittings-of-meeting': ({ sittingMeeting }) => ({ meeting: sittingMeeting! }),
  'list-regions-of-body': ({ council }) => ({ body: council! }),
  'set-seat-quota': ({ regionOfBody }) => ({ region: regionOfBody! }),
  'correct-decision-wording': ({ decisionStream }) => ({ proposal: decisionStream! }),
  'set-decision-audience': ({ decisionStream }) => ({ proposal: decisionStream! }),
  'name-seat-holder': () => ({ seat: '1' }),
  'vacate-seat': () => ({ seat: '2' }),
  'read-seat': ({ seatId }) => ({ seat: seatId! }),
  'list-versions': ({ remark }) => ({ id: remark! }),
  // The first of its kind, which every checkpoint covers.
  'read-inclusion-proof': () => ({ record: '1' }),
  'read-tile': () => ({ path: '0/000' }),
};

export const thingsFor = ({ id }: Operation, things: Things): Things => ({ ...things, ...OTHERWISE[id]?.(things) });

/** The path with ids in it. @throws where the world has nothing of such a name */
export const pathOf = (operation: Operation, things: Things): string =>
  operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = thingsFor(operation, things)[name];
    if (value === undefined) throw new Error(`${operation.id} cannot be called: there is no {${name}}`);
    return value;
  });

/** The documented example with ids in it. @throws where the world has nothing of such a name */
export function exampleOf(operation: Operation, things: Things): unknown {
  const known = thingsFor(operation, things);
  const filled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
    const name = typeof value === 'string' ? /^\{(\w+)\}$/.exec(value)?.[1] : undefined;
    if (name === undefined) return value;
    if (known[name] === undefined) throw new Error(`${operation.id} cannot be called: its example names {${name}}`);
    // Only the numbers of records are written in digits alone.
    return /^\d+$/.test(known[name]) ? Number(known[name]) : known[name];
  };
  return filled(operation.example);
}

/** Does the work for each, several at once, and answers what each of them says is wrong. */
export async function wrongAmong<T>(all: readonly T[], findWrong: (each: T) => Promise<string[]>, atOnce = 8): Promise<string[]> {
  const wrong: string[] = [];
  const left = [...all];
  const work = async (): Promise<void> => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) {
      try {
        wrong.push(...(await findWrong(each)));
      } catch (error) {
        wrong.push((error as Error).message);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return wrong;
}

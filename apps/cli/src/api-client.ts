// Talks to the API of a running server as any client would. What may be sent again without harm is sent again when the server says "not now".
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './command-line.js';
import { harmlessLine } from './terminal.js';

export interface Problem {
  title?: string;
  detail?: string;
  fields?: { field: string; reason: string }[];
  type?: string;
}

export interface Answer {
  status: number;
  /** The JSON object that was answered; text in `text` where it was no JSON. */
  body: Record<string, unknown>;
  text: string;
  headers: Headers;
}

export interface Request {
  body?: object;
  /** Sent again under the same key, a command takes effect once. */
  idempotencyKey?: string;
  headers?: Readonly<Record<string, string>>;
  /** How long an answer is waited for; a minute where absent. */
  withinMs?: number;
}

const ATTEMPTS = 8;
const LONGEST_WAIT_S = 30;
const ANSWER_WITHIN_MS = 60_000;

export class ApiClient {
  /** @param base `http://127.0.0.1:3000` */
  constructor(
    readonly base: string,
    private readonly token: string,
  ) {}

  /** The answer, whatever its status. @throws Failure where none comes */
  async request(method: string, path: string, request: Request = {}): Promise<Answer> {
    const repeatable = method === 'GET' || method === 'PUT' || request.idempotencyKey !== undefined;
    for (let attempt = 1; ; attempt++) {
      const last = attempt === ATTEMPTS || !repeatable;
      const answer = await this.send(method, path, request).catch((error: Error) => {
        if (last || !mayPass(error)) throw new Failure(unreachable(this.base, error));
        return undefined;
      });
      const wait = answer ? waitOf(answer) : backoff(attempt);
      if (answer && (wait === undefined || attempt === ATTEMPTS)) return answer;
      await delay(wait! * 1000);
    }
  }

  /** @throws Failure that tells the problem where it is refused */
  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return succeeded(await this.request('GET', path, { headers }), `GET ${path}`);
  }

  async post(path: string, body: object, more: Pick<Request, 'withinMs'> = {}): Promise<Answer> {
    return succeeded(await this.request('POST', path, { body, ...more }), `POST ${path}`);
  }

  /** All rows of a list. */
  async list<Row>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | undefined;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const { body } = await this.get(
        `${path}${separator}limit=500${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        headers,
      );
      rows.push(...(body['items'] as Row[]));
      cursor = body['next'] as string | undefined;
    } while (cursor !== undefined);
    return rows;
  }

  private async send(
    method: string,
    path: string,
    { body, idempotencyKey, headers, withinMs = ANSWER_WITHIN_MS }: Request,
  ): Promise<Answer> {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body && { 'Content-Type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    });
    const text = await response.text();
    return { status: response.status, body: objectIn(text), text, headers: response.headers };
  }
}

export const succeeds = ({ status }: Answer): boolean => status >= 200 && status < 300;

export function succeeded(answer: Answer, what: string): Answer {
  if (succeeds(answer)) return answer;
  throw new Failure(`${what} was refused: ${describeProblem(answer)}`);
}

/** Status, title and detail, and each field that is at fault on a line of its own. */
export function describeProblem({ status, body, text }: Answer): string {
  const { title, detail, fields = [], type } = body as Problem;
  if (title === undefined) return `the answer has status ${status}: ${harmlessLine(text.slice(0, 300)) || 'nothing'}`;
  const code = type?.split('/').at(-1);
  const lines = fields.map(({ field, reason }) => `\n    ${harmlessLine(field)}: ${harmlessLine(reason)}`);
  // The detail of a mistyped body only repeats its fields.
  const told = code === 'fields-invalid' && lines.length > 0 ? '' : ` ${harmlessLine(detail ?? '')}`;
  return `${harmlessLine(title)} (${status}${code ? ` ${harmlessLine(code)}` : ''}).${told}${lines.join('')}`;
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Seconds, where the server says when to come back. */
function waitOf({ status, headers }: Answer): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, LONGEST_WAIT_S) : undefined;
}

const backoff = (attempt: number): number => Math.min(0.1 * 2 ** attempt, LONGEST_WAIT_S);

/** A connection broke, or no answer came. Where nothing listens, or the address is wrong, it makes no sense to knock again. */
const mayPass = (error: Error): boolean =>
  error.name === 'TimeoutError' ||
  ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'].includes(codeOf(error));

const codeOf = ({ cause }: Error): string => (cause as { code?: string } | undefined)?.code ?? '';

/** Why no answer came from there. */
export function unreachable(base: string, error: Error): string {
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return `${base} does not answer: ${cause || codeOf(error)}`;
}

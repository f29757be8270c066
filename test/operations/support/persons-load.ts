// Commands from several clients at once, each sent again under its key until it is acknowledged.
import { request } from 'node:https';
import { request as plainRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface Asked {
  url: string;
  token: string;
  /** The authority by which the server's certificate is known, where it is not a public one. */
  ca?: string;
}

export interface Answered {
  status: number;
  body: string;
}

export function ask({ url, token, ca }: Asked, method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Answered> {
  const send = url.startsWith('https:') ? request : plainRequest;
  return new Promise((resolve, reject) => {
    const asked = send(
      `${url}/api/v1${path}`,
      {
        method,
        ...(ca !== undefined && { ca }),
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, body: text }));
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}

const CLIENTS = 8;
const BEFORE_ANOTHER_TRY_MS = 100;

/** Registers persons until it is told to stop, and every command that was sent is acknowledged. */
export class PersonsLoad {
  /** The ids of those whose registration was acknowledged. */
  readonly acknowledged: string[] = [];
  private readonly clients: Promise<unknown>;
  private sent = 0;
  private stopping = false;

  constructor(private readonly asked: Asked) {
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.client()));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.clients;
  }

  private async client(): Promise<void> {
    while (!this.stopping) {
      const key = `person-${this.sent++}`;
      const answer = await this.untilRecorded(key);
      this.acknowledged.push((JSON.parse(answer.body) as { id: string }).id);
    }
  }

  /** @throws where it is refused for good */
  private async untilRecorded(key: string): Promise<Answered> {
    const name = [{ lang: 'en', text: `Sample ${key}` }];
    for (;;) {
      const answer = await ask(this.asked, 'POST', '/persons', { name }, key).catch(() => undefined);
      if (answer?.status === 201) return answer;
      if (answer && answer.status < 500) throw new Error(`${key} was answered with ${answer.status}: ${answer.body}`);
      await pause(BEFORE_ANOTHER_TRY_MS);
    }
  }
}

/** The ids of all persons that a server lists. */
export async function listedPersons(asked: Asked): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await ask(asked, 'GET', `/persons?limit=500${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    const page = JSON.parse(body) as { items: { id: string }[]; next?: string };
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

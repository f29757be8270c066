// While a start is held up, health says why, where the API will listen once the node has something from which it can answer.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { httpRefusals, problemOf } from '#http';

const AGAIN_AFTER_SECONDS = 5;
const HEALTH = ['/api/v1/health', '/api/v1/health/ready'];
const LIVE = '/api/v1/health/live';

export class HeldUpStart {
  private server: Server | undefined;
  private listening: Promise<void> | undefined;
  private why = '';

  constructor(private readonly at: { host: string; port: number }) {}

  /** Why it is; from the first time on it is answered. */
  because(why: string): void {
    this.why = why;
    if (this.server) return;
    const server = createServer((request, response) => this.answer(request, response));
    this.server = server;
    this.listening = new Promise((resolve) => {
      // Where another program has the port, the start says so when it listens itself.
      server.once('error', () => resolve()).listen(this.at.port, this.at.host, () => resolve());
    });
  }

  /** Resolves once the port is free for who listens next. */
  async end(): Promise<void> {
    const { server } = this;
    await this.listening;
    if (!server?.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  private answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const [path] = url.split('?') as [string];
    if (path === LIVE) return send(response, 200, 'application/json', { status: 'live' });
    response.setHeader('retry-after', AGAIN_AFTER_SECONDS);
    if (HEALTH.includes(path)) return send(response, 503, 'application/json', { status: 'degraded', projection: this.why });
    send(
      response,
      503,
      'application/problem+json; charset=utf-8',
      problemOf(httpRefusals['not-started'](`The server is starting, and cannot answer yet: ${this.why}.`), randomUUID()),
    );
  }
}

function send(response: ServerResponse, status: number, type: string, body: object): void {
  response.statusCode = status;
  response.setHeader('content-type', type);
  response.end(JSON.stringify(body));
}

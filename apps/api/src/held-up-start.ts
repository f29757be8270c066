// While a start is held up, health says why, where the API will listen once the node has something from which it can answer.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

const AGAIN_AFTER_SECONDS = 5;

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
    const isLive = url.split('?')[0] === '/api/v1/health/live';
    response.statusCode = isLive ? 200 : 503;
    response.setHeader('content-type', 'application/json');
    if (!isLive) response.setHeader('retry-after', AGAIN_AFTER_SECONDS);
    response.end(JSON.stringify(isLive ? { status: 'live' } : { status: 'degraded', projection: this.why }));
  }
}

// Stands between client and server, and lets the network fail as told.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What becomes of bytes: `hold` keeps them until they are released, `drop` loses them. */
export type Passage = 'pass' | 'hold' | 'drop';

interface Pair {
  client: Socket;
  server: Socket;
  held: { to: Socket; bytes: Buffer }[];
  /** Bytes were lost: nothing that comes later can be understood, and no network would deliver it. */
  deaf: Set<Socket>;
}

export class FaultProxy {
  toServer: Passage = 'pass';
  toClient: Passage = 'pass';
  /** Connections that are made are ended at once. */
  refuses = false;
  port = 0;
  private readonly pairs = new Set<Pair>();
  private listener: Server | undefined;

  /** @param target the server's port, asked for at each connection */
  constructor(private readonly target: () => number) {}

  async start(): Promise<this> {
    this.listener = createServer((client) => this.accept(client));
    this.listener.listen(this.port, '127.0.0.1');
    await once(this.listener, 'listening');
    this.port = (this.listener.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    this.reset();
    this.listener?.close();
    await (this.listener && once(this.listener, 'close'));
  }

  /** Neither side hears from the other any more, and no connection ends. */
  blackHole(): void {
    this.toServer = 'drop';
    this.toClient = 'drop';
  }

  /** New connections are as if nothing had been; those that lost something stay silent. */
  heal(): void {
    this.toServer = 'pass';
    this.toClient = 'pass';
    this.refuses = false;
    for (const { held } of this.pairs) for (const { to, bytes } of held.splice(0)) to.write(bytes);
  }

  /** Every connection ends at once, on both sides. */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** The client hears the end of what the server says, and may go on speaking. */
  halfClose(): void {
    for (const { client } of this.pairs) client.end();
  }

  private accept(client: Socket): void {
    if (this.refuses) return void client.destroy();
    client.allowHalfOpen = true;
    const server = connect(this.target(), '127.0.0.1');
    const pair: Pair = { client, server, held: [], deaf: new Set() };
    this.pairs.add(pair);
    const over = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', over).on('close', over);
    client.on('data', (bytes) => this.pass(this.toServer, pair, server, bytes));
    server.on('data', (bytes) => this.pass(this.toClient, pair, client, bytes));
    server.on('end', () => client.end());
    client.on('end', () => server.end());
  }

  private pass(passage: Passage, pair: Pair, to: Socket, bytes: Buffer): void {
    if (passage === 'drop') pair.deaf.add(to);
    if (pair.deaf.has(to)) return;
    if (passage === 'hold') pair.held.push({ to, bytes });
    else to.write(bytes);
  }
}

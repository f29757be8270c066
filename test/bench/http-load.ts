// A load generator: keep-alive connections that each send a prepared request as soon as the answer to the one before is there.
// Requests are bytes made beforehand and answers are only cut apart: it shares two cores with the server's threads, and what it
// takes is missing there. What is sent may depend on the answers before.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: Buffer;
}

export interface Load {
  address: string;
  connections: number;
  /** Sending ends after so long, or when `next` has nothing more. */
  forMs: number;
  /** The request to send now; undefined: none any more. */
  next: (connection: number) => Buffer | undefined;
  onAnswer?: (answer: Answer, connection: number, latencyMs: number) => void;
}

export interface Driven {
  answered: number;
  elapsedMs: number;
  latenciesMs: number[];
}

/** An HTTP/1.1 request as bytes. */
export function request(method: string, path: string, token: string, body?: object): Buffer {
  const content = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  const head = [
    `${method} /api/v1${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${content.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content]);
}

/** @throws where the server ends a connection, or answers without a length */
export async function drive(load: Load): Promise<Driven> {
  const { hostname, port } = new URL(load.address);
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, 'connect');
      return socket;
    }),
  );
  const latenciesMs: number[] = [];
  const start = performance.now();
  const exchanges = sockets.map((socket, connection) => exchange(socket, connection, load, start + load.forMs, latenciesMs));
  try {
    await Promise.all(exchanges);
    return { answered: latenciesMs.length, elapsedMs: performance.now() - start, latenciesMs };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function exchange(socket: Socket, connection: number, { next, onAnswer }: Load, until: number, latenciesMs: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer | undefined;
    let sentAt = 0;
    const send = (now: number): void => {
      const bytes = now < until ? next(connection) : undefined;
      if (!bytes) return resolve();
      sentAt = now;
      socket.write(bytes);
    };
    socket.on('data', (chunk: Buffer) => {
      received = received ? Buffer.concat([received, chunk]) : chunk;
      try {
        const answer = cutAnswer(received);
        if (!answer) return;
        received = undefined;
        const now = performance.now();
        latenciesMs.push(now - sentAt);
        onAnswer?.(answer, connection, now - sentAt);
        send(now);
      } catch (error: unknown) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server ended the connection')));
    send(performance.now());
  });
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: (\d+)/i;

/** The answer, once all of it is there. Only one is ever on its way. */
function cutAnswer(received: Buffer): Answer | undefined {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const length = LENGTH.exec(head);
  if (!length) throw new Error(`an answer without a length: ${head}`);
  const from = end + HEAD_END.length;
  const to = from + Number(length[1]);
  return received.length < to ? undefined : { status: Number(head.slice(9, 12)), body: received.subarray(from, to) };
}

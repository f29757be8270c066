// The connections of a server that is to end: requests in flight are answered, and nobody else is waited for.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A client that sends no more of its request, or takes no more of the answer, is waited for so long. */
const STALLED_MS = 10_000;

interface Watched {
  /** Requests whose answer is not finished, and which may not have come to their end themselves. */
  answering: Set<IncomingMessage>;
  bytes: number;
  movedMs: number;
}

export class Connections {
  private readonly watched = new Map<Socket, Watched>();

  /** @param now milliseconds */
  constructor(
    private readonly server: Server,
    private readonly now: () => number = () => Date.now(),
  ) {
    server.on('connection', (socket: Socket) => {
      this.watched.set(socket, { answering: new Set(), bytes: 0, movedMs: now() });
      socket.once('close', () => this.watched.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const watched = this.watched.get(request.socket);
      watched?.answering.add(request);
      response.once('close', () => watched?.answering.delete(request));
    });
  }

  /** To be called again and again while the server ends. Closes what waits for nothing, and what has stalled. */
  sweep(): void {
    // A connection that was in use when the end began would be kept for its next request.
    this.server.closeIdleConnections();
    for (const [socket, watched] of this.watched) {
      // One that never sent a byte counts as busy there.
      if (socket.bytesRead === 0 || this.hasStalled(socket, watched)) socket.destroy();
    }
  }

  private hasStalled(socket: Socket, watched: Watched): boolean {
    const bytes = socket.bytesRead + socket.bytesWritten;
    if (bytes !== watched.bytes) Object.assign(watched, { bytes, movedMs: this.now() });
    const { answering, movedMs } = watched;
    // An answer that is being made takes as long as it takes; it is the client's part that is bounded.
    const waitsForClient = answering.size === 0 || socket.writableLength > 0 || [...answering].some(({ complete }) => !complete);
    return waitsForClient && this.now() - movedMs >= STALLED_MS;
  }
}

// A server that speaks the protocol of EventStoreDB, in memory: for specs. It shows how the adapter uses the protocol; durability,
// replication, elections, scavenging, access control and speed it does not show.
import grpc from '@grpc/grpc-js';
import type { AppendResp, DeleteReq, DeleteResp, TombstoneReq, TombstoneResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { appendAnswer, deleteIn, receiveAppend, serveBatches, type AppendCall, type BatchCall } from './protocol-appends.js';
import { ProtocolLog } from './protocol-log.js';
import { notLeader, protocolError } from './protocol-messages.js';
import { serveRead, type ReadCall } from './protocol-reads.js';

export type Method = 'Read' | 'Append' | 'BatchAppend' | 'Delete' | 'Tombstone' | 'GetSupportedMethods';
type Call = AppendCall | BatchCall | ReadCall | grpc.ServerUnaryCall<unknown, unknown>;

/** What becomes of the next call of a method. `stored` does what was asked and then fails: only the answer is lost. */
export interface Fault {
  method: Method;
  error?: grpc.ServiceError;
  /** Never answered, where no error is given. */
  stored?: boolean;
}

const MAX_APPEND_BYTES = 1024 * 1024;

export class ProtocolServer {
  /** Every call that arrived, in order. */
  readonly seen: Method[] = [];
  /** Where calls that want the leader are sent, where it is another one. */
  leader: { host: string; port: number } | undefined;
  private readonly faults: Fault[] = [];
  private readonly gates: { of: string; arrived: () => void; opened: Promise<void> }[] = [];
  private readonly open = new Set<Call>();
  private readonly watchers: { isMet: () => boolean; resolve: () => void }[] = [];
  private server: grpc.Server | undefined;
  port = 0;

  constructor(readonly log: ProtocolLog = new ProtocolLog()) {}

  /** On the port that it had before, where it is started again. */
  async start(): Promise<this> {
    const server = new grpc.Server();
    this.server = server;
    server.addService(streamsGrpc.StreamsService, {
      read: (call: ReadCall) => this.answer(call, 'Read', () => serveRead(call, this.log)),
      append: (call: AppendCall, done: grpc.sendUnaryData<AppendResp>) => void this.append(call, done),
      batchAppend: (call: BatchCall) =>
        this.answer(call, 'BatchAppend', () => Promise.resolve(serveBatches(call, this.log, MAX_APPEND_BYTES))),
      delete: (call: grpc.ServerUnaryCall<DeleteReq, DeleteResp>, done: grpc.sendUnaryData<DeleteResp>) =>
        this.unary(call, 'Delete', done, () => {
          const position = String(deleteIn(call.request, this.log, false).position);
          return new streams.DeleteResp().setPosition(
            new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
          );
        }),
      tombstone: (call: grpc.ServerUnaryCall<TombstoneReq, TombstoneResp>, done: grpc.sendUnaryData<TombstoneResp>) =>
        this.unary(call, 'Tombstone', done, () => {
          const position = String(deleteIn(call.request, this.log, true).position);
          return new streams.TombstoneResp().setPosition(
            new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
          );
        }),
    });
    server.addService(featuresGrpc.ServerFeaturesService, {
      getSupportedMethods: (call: grpc.ServerUnaryCall<unknown, unknown>, done: grpc.sendUnaryData<unknown>) =>
        this.unary(call, 'GetSupportedMethods', done, () => supportedMethods()),
    });
    this.port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.port}`, grpc.ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    return this;
  }

  /** As a crash does: connections are cut, nothing of the log is lost. */
  stop(): Promise<void> {
    this.server?.forceShutdown();
    this.server = undefined;
    this.open.clear();
    return Promise.resolve();
  }

  get connectionString(): string {
    return connectionString(this.port);
  }

  /** The faults of the calls that come next, in order of their methods. */
  next(...faults: Fault[]): void {
    this.faults.push(...faults);
  }

  /** Holds every append to a stream whose name begins so, before it is stored, until it is opened. As real servers do, it stores also what nobody waits for any more. */
  holdAppends(of: string): { arrived: Promise<void>; open: () => void } {
    let [arrive, open] = [(): void => undefined, (): void => undefined];
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.gates.push({ of, arrived: arrive, opened });
    return { arrived, open };
  }

  /** Ends what is open: with an error, or as a server does that has simply nothing more to say. */
  drop(error?: grpc.ServiceError): void {
    for (const call of [...this.open]) {
      this.open.delete(call);
      if (error) call.emit('error', error);
      else if ('end' in call) call.end();
    }
  }

  /** Calls that have arrived of a method. */
  count(method: Method): number {
    return this.seen.filter((each) => each === method).length;
  }

  /** Reads, subscriptions and streams of batches that are not over. */
  get openCalls(): number {
    return this.open.size;
  }

  /** Resolves once it is so: looked at whenever a call arrives or is over. */
  async until(isMet: () => boolean): Promise<void> {
    if (!isMet()) await new Promise<void>((resolve) => this.watchers.push({ isMet, resolve }));
  }

  private look(): void {
    for (const watcher of [...this.watchers]) if (watcher.isMet()) watcher.resolve();
  }

  private async append(call: AppendCall, done: grpc.sendUnaryData<AppendResp>): Promise<void> {
    try {
      const fault = this.arrive(call, 'Append');
      if (fault && !fault.stored) return fail(fault, done);
      const received = await receiveAppend(call, MAX_APPEND_BYTES);
      await this.passGate(received.stream);
      const answer = appendAnswer(received, this.log.append(received.stream, received.expected, received.events));
      if (fault) fail(fault, done);
      else done(null, answer);
    } catch (error) {
      // A caller that went away while it was sending is owed no answer.
      if (!call.cancelled) done(asServiceError(error));
    }
  }

  private async passGate(stream: string): Promise<void> {
    const gate = this.gates.find(({ of }) => stream.startsWith(of));
    gate?.arrived();
    await gate?.opened;
  }

  private unary<Answer>(call: Call, method: Method, done: grpc.sendUnaryData<Answer>, act: () => Answer): void {
    try {
      const fault = this.arrive(call, method);
      if (fault) fail(fault, done);
      else done(null, act());
    } catch (error) {
      done(asServiceError(error));
    }
  }

  private answer(call: ReadCall | BatchCall, method: Method, act: () => Promise<void>): void {
    const fault = this.catching(call, () => this.arrive(call, method));
    if (fault === 'refused') return;
    this.open.add(call);
    this.look();
    for (const event of ['cancelled', 'close', 'error', 'finish'] as const) {
      call.on(event, () => {
        this.open.delete(call);
        this.look();
      });
    }
    if (fault) {
      if (fault.error) call.emit('error', fault.error);
      return;
    }
    act().catch((error: unknown) => {
      if (!call.cancelled) call.emit('error', asServiceError(error));
    });
  }

  private catching(call: ReadCall | BatchCall, arrive: () => Fault | undefined): Fault | undefined | 'refused' {
    try {
      return arrive();
    } catch (error) {
      call.emit('error', error);
      return 'refused';
    }
  }

  /** @throws where the leader is another one */
  private arrive(call: Call, method: Method): Fault | undefined {
    this.seen.push(method);
    this.look();
    const index = this.faults.findIndex((fault) => fault.method === method);
    if (index >= 0) return this.faults.splice(index, 1)[0];
    if (this.leader && call.metadata.get('requires-leader')[0] === 'true') throw notLeader(this.leader.host, this.leader.port);
    return undefined;
  }
}

export const connectionString = (port: number): string => `esdb://127.0.0.1:${port}?tls=false`;

function fail(fault: Fault, done: grpc.sendUnaryData<never>): void {
  if (fault.error) done(fault.error);
}

const asServiceError = (error: unknown): grpc.ServiceError =>
  error instanceof Error && 'code' in error && 'details' in error
    ? (error as grpc.ServiceError)
    : protocolError(grpc.status.UNKNOWN, String(error));

function supportedMethods() {
  const answer = new features.SupportedMethods().setEventStoreServerVersion('24.10.0');
  const names = ['read', 'append', 'delete', 'tombstone', 'batchappend'];
  return answer.setMethodsList(
    names.map((name) =>
      new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name).setFeaturesList([]),
    ),
  );
}

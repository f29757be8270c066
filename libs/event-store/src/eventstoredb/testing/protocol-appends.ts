// Appends of the protocol server, one call each or many on one stream of calls.
import { setImmediate } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import googleAny from 'google-protobuf/google/protobuf/any_pb.js';
import googleEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
  DeleteReq,
  TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import { EXPECT_NO_STREAM, NO_REVISION, type Expected, type ProposedEvent, type ProtocolLog, type Written } from './protocol-log.js';
import {
  appendTooLarge,
  empty,
  expectedIn,
  identifierOf,
  idIn,
  nameIn,
  proposedIn,
  streamDeleted,
  unavailable,
  uuidOf,
  wrongVersion,
} from './protocol-messages.js';

export type AppendCall = grpc.ServerReadableStream<AppendReq, AppendResp>;
export type BatchCall = grpc.ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

interface Received {
  stream: string;
  expected: Expected;
  events: ProposedEvent[];
}

/** Resolves once the whole append has arrived. */
export async function receiveAppend(call: AppendCall, maxBytes: number): Promise<Received> {
  let received: Received | undefined;
  let bytes = 0;
  for await (const message of call as AsyncIterable<AppendReq>) {
    const options = message.getOptions();
    if (options) {
      received = { stream: nameIn(options.getStreamIdentifier()), expected: expectedIn(options, options.getRevision()), events: [] };
      continue;
    }
    const event = proposedIn(message.getProposedMessage()!);
    bytes += event.data.length + event.metadata.length;
    if (bytes > maxBytes) throw appendTooLarge(maxBytes);
    received!.events.push(event);
  }
  // A stream of calls that is cut off ends like one that is whole.
  await setImmediate();
  if (call.cancelled) throw unavailable();
  return received!;
}

export function appendAnswer({ stream, expected }: Received, written: Written): AppendResp {
  if (written.kind === 'deleted') throw streamDeleted(stream);
  if (written.kind === 'written') {
    const position = new streams.AppendResp.Position()
      .setCommitPosition(String(written.position))
      .setPreparePosition(String(written.position));
    const success = new streams.AppendResp.Success().setPosition(position);
    // Of nothing, to a stream that is not there.
    if (written.revision === NO_REVISION) success.setNoStream(empty());
    else success.setCurrentRevision(String(written.revision));
    return new streams.AppendResp().setSuccess(success);
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (expected === EXPECT_NO_STREAM) wrong.setExpectedNoStream(empty());
  else if (expected < EXPECT_NO_STREAM) wrong.setExpectedAny(empty());
  else wrong.setExpectedRevision(String(expected));
  if (written.current === NO_REVISION) wrong.setCurrentNoStream(empty());
  else wrong.setCurrentRevision(String(written.current));
  return new streams.AppendResp().setWrongExpectedVersion(wrong);
}

/** Many appends on one stream of calls, each answered under its correlation id, once. */
export function serveBatches(call: BatchCall, log: ProtocolLog, maxBytes: number): void {
  const pending = new Map<string, Received & { bytes: number }>();
  call.on('data', (message: BatchAppendReq) => {
    const correlation = idIn(message.getCorrelationId());
    const options = message.getOptions();
    if (options)
      pending.set(correlation, {
        stream: nameIn(options.getStreamIdentifier()),
        expected: expectedIn(options, options.getStreamPosition()),
        events: [],
        bytes: 0,
      });
    const received = pending.get(correlation);
    if (!received) return;
    for (const each of message.getProposedMessagesList()) received.events.push(proposedIn(each));
    received.bytes = received.events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    const tooLarge = received.bytes > maxBytes;
    if (!tooLarge && !message.getIsFinal()) return;
    pending.delete(correlation);
    const answer = tooLarge
      ? failure(new shared.MaximumAppendSizeExceeded().setMaxappendsize(maxBytes), 'MaximumAppendSizeExceeded')
      : batchAnswer(received, log.append(received.stream, received.expected, received.events));
    call.write(answer.setCorrelationId(uuidOf(correlation)).setStreamIdentifier(identifierOf(received.stream)));
  });
  call.on('end', () => call.end());
}

function batchAnswer({ stream, expected }: Received, written: Written): BatchAppendResp {
  if (written.kind === 'deleted') return failure(new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream)), 'StreamDeleted');
  if (written.kind === 'written') {
    const position = new shared.AllStreamPosition()
      .setCommitPosition(String(written.position))
      .setPreparePosition(String(written.position));
    return new streams.BatchAppendResp().setSuccess(
      new streams.BatchAppendResp.Success().setCurrentRevision(String(written.revision)).setPosition(position),
    );
  }
  const wrong = new shared.WrongExpectedVersion();
  if (expected === EXPECT_NO_STREAM) wrong.setExpectedNoStream(new googleEmpty.Empty());
  else wrong.setExpectedStreamPosition(String(expected));
  if (written.current === NO_REVISION) wrong.setCurrentNoStream(new googleEmpty.Empty());
  else wrong.setCurrentStreamRevision(String(written.current));
  return failure(wrong, 'WrongExpectedVersion');
}

function failure(message: { serializeBinary(): Uint8Array }, type: string): BatchAppendResp {
  const details = new googleAny.Any();
  details.pack(message.serializeBinary(), `event_store.client.${type}`);
  return new streams.BatchAppendResp().setError(new status.Status().setMessage(type).setDetails(details));
}

/** Of a deletion, soft or for good. @throws as the server answers */
export function deleteIn(request: DeleteReq | TombstoneReq, log: ProtocolLog, forGood: boolean): Extract<Written, { kind: 'written' }> {
  const options = request.getOptions()!;
  const stream = nameIn(options.getStreamIdentifier());
  const expected = expectedIn(options, options.getRevision());
  const written = log.delete(stream, expected, forGood);
  if (written.kind === 'deleted') throw streamDeleted(stream);
  if (written.kind === 'wrong-version') throw wrongVersion(stream, expected, written.current);
  return written;
}

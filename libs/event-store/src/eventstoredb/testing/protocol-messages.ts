// Between the protocol's messages and the log: names, ids, positions, errors.
import grpc from '@grpc/grpc-js';
import type { AppendReq as Req, ReadReq as ReadRequest, ReadResp as ReadResponse } from '@eventstore/db-client/generated/streams_pb.js';
import type * as SharedTypes from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { EXPECT_ANY, EXPECT_EXISTS, EXPECT_NO_STREAM, type Expected, type LoggedRecord, type ProposedEvent } from './protocol-log.js';

/** An error as the server sends it: a status, and what the client reads in the trailers. */
export function protocolError(
  code: grpc.status,
  details: string,
  trailers: Record<string, string | number | bigint> = {},
): grpc.ServiceError {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, String(value));
  return Object.assign(new Error(details), { code, details, metadata });
}

export const unavailable = (): grpc.ServiceError => protocolError(grpc.status.UNAVAILABLE, 'Server is not ready');
export const accessDenied = (): grpc.ServiceError =>
  protocolError(grpc.status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
export const notLeader = (host: string, port: number): grpc.ServiceError =>
  protocolError(grpc.status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': port,
  });
export const streamDeleted = (stream: string): grpc.ServiceError =>
  protocolError(grpc.status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
export const appendTooLarge = (most: number): grpc.ServiceError =>
  protocolError(grpc.status.INVALID_ARGUMENT, `Maximum Append Size of ${most} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': most,
  });
export const wrongVersion = (stream: string, expected: Expected, current: bigint): grpc.ServiceError =>
  protocolError(grpc.status.FAILED_PRECONDITION, 'WrongExpectedVersion', {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': expected,
    'actual-version': current,
  });

export const empty = (): SharedTypes.Empty => new shared.Empty();

export const nameIn = (identifier: SharedTypes.StreamIdentifier | undefined): string =>
  Buffer.from(identifier!.getStreamName_asU8()).toString();

export function identifierOf(stream: string): SharedTypes.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Uint8Array.from(Buffer.from(stream)));
}

export const uuidOf = (id: string): SharedTypes.UUID => new shared.UUID().setString(id);

export function idIn(uuid: SharedTypes.UUID | undefined): string {
  const structured = uuid?.getStructured();
  if (!structured) return uuid!.getString().toLowerCase();
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

interface Expectation {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

export function expectedIn(options: Expectation, revision: string): Expected {
  if (options.hasNoStream()) return EXPECT_NO_STREAM;
  if (options.hasAny()) return EXPECT_ANY;
  return options.hasStreamExists() ? EXPECT_EXISTS : BigInt(revision);
}

type Message = Pick<Req.ProposedMessage, 'getId' | 'getMetadataMap' | 'getData_asU8' | 'getCustomMetadata_asU8'>;

export function proposedIn(message: Message): ProposedEvent {
  const properties = message.getMetadataMap();
  const [type, contentType] = [properties.get('type'), properties.get('content-type')];
  if (!type || !contentType) {
    throw protocolError(grpc.status.INVALID_ARGUMENT, 'Required Metadata Property is missing', {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    });
  }
  return { id: idIn(message.getId()), type, contentType, data: message.getData_asU8(), metadata: message.getCustomMetadata_asU8() };
}

export function eventMessage(record: LoggedRecord): ReadResponse {
  const position = String(record.position);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(record.id))
    .setStreamIdentifier(identifierOf(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(record.data)
    .setCustomMetadata(record.metadata);
  // In ticks of 100 ns.
  recorded
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', String(BigInt(record.createdMs) * 10_000n));
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position));
}

export type Matches = (record: LoggedRecord) => boolean;

export function filterIn(options: ReadRequest.Options): Matches {
  const filter = options.getFilter();
  if (!options.hasFilter() || !filter) return () => true;
  const byType = filter.hasEventType();
  const expression = (byType ? filter.getEventType() : filter.getStreamIdentifier())!;
  const [regex, prefixes] = [expression.getRegex(), expression.getPrefixList()];
  const pattern = regex === '' ? undefined : new RegExp(regex);
  return (record) => {
    const text = byType ? record.type : record.stream;
    return pattern ? pattern.test(text) : prefixes.some((prefix) => text.startsWith(prefix));
  };
}

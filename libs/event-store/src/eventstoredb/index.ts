export { assertUsable } from './connection.js';
export { EventStoreDbEventStore, type OpenEventStoreDb } from './eventstoredb-event-store.js';

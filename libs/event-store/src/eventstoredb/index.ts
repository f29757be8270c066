export { EventStoreDbEventStore, type OpenEventStoreDb } from './eventstoredb-event-store.js';

export * from './errors.js';
export * from './log.js';
export * from './port.js';
export * from './sealer.js';
export { MemoryEventStore, MemoryLog } from './memory/memory-event-store.js';
export * from './sqlite/index.js';

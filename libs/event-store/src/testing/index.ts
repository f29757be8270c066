export * from './collect.js';
export * from './destruction.contract.js';
export * from './event-store.contract.js';
export * from './event-store.model.js';
export * from './faulty-store.js';
export * from './moving.contract.js';
export * from './sealed-events.js';

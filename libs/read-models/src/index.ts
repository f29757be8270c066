export * from './list.js';
export * from './projection.js';
export * from './reading.js';
export * from './table.js';

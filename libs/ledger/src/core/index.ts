export * from './hashes.js';
export * from './tree.js';

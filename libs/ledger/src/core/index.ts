export * from './hashes.js';
export * from './tree.js';
export * from './verifier-key.js';

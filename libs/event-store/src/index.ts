export * from './errors.js';
export * from './log.js';
export * from './port.js';
export * from './sealer.js';

export * from './deletions.contract.js';
export * from './fault-proxy.js';
export * from './fault-harness.js';
export * from './protocol-log.js';
export * from './protocol-messages.js';
export * from './protocol-server.js';

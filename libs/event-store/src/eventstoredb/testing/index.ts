export * from './protocol-log.js';
export * from './protocol-messages.js';
export * from './protocol-server.js';

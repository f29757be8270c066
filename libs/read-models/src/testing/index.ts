export * from '../dump.js';
export * from './history.js';
export * from './oracle.js';
export * from './workbench.js';

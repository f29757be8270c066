export type { ProcessManager, Reaction, RegisterThen } from './process-manager.js';
export { ProcessManagers, type ProcessManagersParts } from './process-managers.js';

export type { ProcessManager, Reaction, RegisterThen } from './process-manager.js';
export { PROCESS_MANAGERS_KEY, ProcessManagers, type ProcessManagersParts } from './process-managers.js';

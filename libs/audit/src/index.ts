export { AuditModule } from './audit.module.js';
export { Records } from './records.js';
export { RegisterSchema } from './register-schema.js';
export { RemovalExecutor } from './removal-executor.js';
export { Replay } from './replay.js';

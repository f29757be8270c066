export { AccessLog, type Accessed } from './access/access-log.js';
export { AccessDays } from './access/access-days.js';
export { AuditModule } from './audit.module.js';
export { Records } from './records.js';
export { RegisterSchema } from './register-schema.js';
export { RemovalExecutor } from './removal-executor.js';
export { Replay } from './replay.js';

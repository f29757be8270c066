export { copyLog } from './copy-log.js';
export { DirectoryLock, type Holder } from './directory-lock.js';
export { isDamage, LogDamaged } from './log-damaged.js';
export { LOG_FILE, SqliteEventStore, type OpenSqliteEventStore } from './sqlite-event-store.js';

export { ADMIN_TOKEN_FILE } from './admin-token.js';
export { catalogue, schema } from './composition.js';
export { ConfigurationError, readConfiguration, type Configuration } from './configuration.js';
export { openToRead } from './node-store.js';
export { serve, type Serving } from './serve.js';
export { VERSION } from './version.js';
export { openLiveHistory, type LiveHistory } from './ledger/live-history.js';

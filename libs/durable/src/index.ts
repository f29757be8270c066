export { makeDirectory, makeDirectoryUnsynced } from './durable-directories.js';
export { readWhole, sync, writeDurably, writeSynced } from './durable-files.js';

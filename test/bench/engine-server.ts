// The protocol server in a process of its own, for the scenarios that compare the adapter with the bare client: prints where it listens.
import { ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/protocol-server.js';

console.log((await new ProtocolServer().start()).connectionString);

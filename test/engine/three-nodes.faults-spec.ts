import { Nodes } from './support/nodes.js';
import { describeThreeNodes } from './support/three-nodes.js';

describeThreeNodes('the protocol server', () => Nodes.open());

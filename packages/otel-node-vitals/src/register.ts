// For `node --import otel-node-vitals/register`, `--require` and NODE_OPTIONS. Loads little: every process that inherits
// the flag pays for it, down to the shortest script.
import { begin } from './register/begin.js';

begin();
